import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createSimulator, type Simulator } from "@nectr/github-simulator";
import { expect, onTestFinished, test } from "vitest";
import { signInByLink } from "../src/sign-in.ts";
import { type House, prepareHouse } from "./house.ts";

const limit = { timeout: 120_000 };
const patience = { timeout: 60_000 };

test("a token alone reviews real repositories, for the one who opens the link", limit, async () => {
  const house = await prepareHouse();
  const { github, token, environment } = await createGitHub(house);
  const launcher = house.start({
    environment: { ...environment, GITHUB_PAT: token, NECTR_REPOSITORIES: "octocat/gone, octocat/shop" },
  });
  await launcher.printed("Data and logs");
  const output = launcher.output();

  expect(output).toMatch(
    /GitHub +127\.0\.0\.1:\d+, as the owner of GITHUB_PAT; npm run demo shows the simulated one/,
  );
  // One that can't be connected is reported, and the next one is connected all the same.
  expect(output).toMatch(/connect +octocat\/gone not connected: There is no such repository/);
  expect(output).toMatch(/connect +octocat\/shop \(/);
  expect(output).toMatch(/Posts as +octocat\n/);
  expect(output).toMatch(/Repositories +octocat\/shop\n +open pull requests are looked at every 1 seconds/);
  expect(output).not.toContain("Webhooks");

  const [backend, linkToken] = linkIn(output);
  expect(backend).toBe(`http://localhost:${house.port}`);
  expect(await loginBy(backend, linkToken)).toBe("octocat");
  await expect(loginBy(backend, linkToken)).rejects.toThrow("npm run link");

  await reviewed(github);
  expect(await hooksAt(github, token)).toEqual([]);

  const asked = await house.askForLink();
  expect(asked).toMatchObject({ code: 0, errors: expect.stringContaining("24 hours") });
  const [again, secondToken] = linkIn(asked.output);
  expect(again).toBe(backend);
  expect(secondToken).not.toBe(linkToken);
  expect(await loginBy(backend, secondToken)).toBe("octocat");

  const events = await house.askForEvents("list", "--json");
  expect(events).toMatchObject({ code: 0, errors: "" });
  expect(JSON.parse(events.output)).toMatchObject([{ full_name: "octocat/shop", status: "completed" }]);

  expect(argumentsOfProcesses()).not.toContain(token);
  expect(ofProcess(house.postgresPid(), "environ")).not.toContain(token);
  launcher.signal("SIGINT");
  expect(await launcher.exited).toBe(0);
  // What is kept is kept by then, the pull request's review among it.
  expect(filesWith(house.dataDir, "octocat/shop")).not.toEqual([]);
  expect(filesWith(house.dataDir, token)).toEqual([]);
  expect(filesWith(house.dataDir, linkToken)).toEqual([]);
  expect(launcher.output()).not.toContain(token);
  expect(await house.askForLink()).toMatchObject({
    code: 1,
    output: "",
    errors: expect.stringContaining(`Nectr does not run on ${house.dataDir}`),
  });
  expect(await house.askForEvents("list")).toMatchObject({
    code: 1,
    errors: expect.stringContaining("DATABASE_URL"),
  });
});

test("gh's token does as well, and what was chosen on the page stays chosen", limit, async () => {
  const house = await prepareHouse();
  const { github, token, environment } = await createGitHub(house);
  const first = house.start({ environment, ghToken: token });
  await first.printed("Data and logs");
  expect(first.output()).toContain("as the owner of gh's token; npm run demo shows the simulated one");
  expect(first.output()).toMatch(/Repositories +none yet: nothing is read or posted before you choose one/);
  const ofRepositories = github.requests().filter(({ path }) => path.startsWith("/repos/"));
  expect(ofRepositories).toEqual([]);

  const session = await signInByLink(...linkIn(first.output()));
  expect((await session.request("POST", "/api/v1/repos/octocat/shop/install", {})).status).toBe(200);
  await reviewed(github);
  first.signal("SIGINT");
  expect(await first.exited).toBe(0);

  const second = house.start({ environment, ghToken: token });
  await second.printed("Data and logs");
  expect(second.output()).toMatch(/Repositories +octocat\/shop\n/);
  second.signal("SIGINT");
  expect(await second.exited).toBe(0);
  expect(second.output()).not.toContain(token);
  expect(filesWith(house.dataDir, token)).toEqual([]);
});

test("a name that is no repository's is named before anything starts", limit, async () => {
  const house = await prepareHouse();
  const launcher = house.start({ environment: { GITHUB_PAT: "ghp_own", NECTR_REPOSITORIES: "octocat" } });
  expect(await launcher.exited).toBe(1);
  expect(launcher.output().trim()).toBe(
    'The configuration has 1 problem:\n  NECTR_REPOSITORIES cannot be used: "octocat" is not owner/name. ' +
      "Several are separated by commas: octocat/shop,octocat/site",
  );
});

test("a token that GitHub refuses ends the start, and says whose it was", limit, async () => {
  const house = await prepareHouse();
  const { environment } = await createGitHub(house);
  const launcher = house.start({ environment, ghToken: "gho_of-last-year" });
  expect(await launcher.exited).toBe(1);
  expect(launcher.output()).toContain("GitHub does not accept gh's token. Sign in again with gh auth login");
  expect(launcher.output()).not.toContain("Nectr runs");
});

test("a GitHub that does not answer ends the start, and says so", limit, async () => {
  const house = await prepareHouse();
  const { github, token, environment } = await createGitHub(house);
  await github.close();
  const launcher = house.start({ environment: { ...environment, GITHUB_PAT: token } });
  expect(await launcher.exited).toBe(1);
  expect(launcher.output()).toContain("GitHub does not answer. Start again in a few minutes.");
  expect(launcher.output()).not.toContain(token);
});

test("--demo shows the demo, whatever is configured", limit, async () => {
  const house = await prepareHouse();
  const { github, token, environment } = await createGitHub(house);
  const launcher = house.start({
    args: ["--demo"],
    environment: {
      ...environment,
      GITHUB_PAT: token,
      GITHUB_CLIENT_ID: "Iv1.real",
      GITHUB_CLIENT_SECRET: "real",
      NECTR_REPOSITORIES: "not a repository",
      BACKEND_URL: "https://nectr.example.com",
      WEBHOOK_URL: "https://nectr.example.com",
      FRONTEND_URL: "https://nectr.example.com",
      DATABASE_URL: "postgres://nobody@127.0.0.1:1/real",
      REDIS_URL: "redis://127.0.0.1:1",
    },
    ghToken: token,
  });
  await launcher.printed("Data and logs");
  expect(launcher.output()).toMatch(/GitHub +simulated, as --demo asks/);
  expect(launcher.output()).toMatch(/first review +http/);
  expect(github.requests()).toEqual([]);
  expect(await house.askForLink()).toMatchObject({
    code: 1,
    output: "",
    errors: expect.stringContaining(`sign in with GitHub, at http://localhost:${house.port}`),
  });
});

/** A GitHub with octocat/shop and an open pull request in it. */
async function createGitHub(house: House) {
  const dataDir = join(house.folder, "github");
  mkdirSync(dataDir);
  const github = await createSimulator({ dataDir, checkResponses: true });
  onTestFinished(() => github.close());
  const { token } = await github.createUser({ login: "octocat" });
  await github.createUser({ login: "hubot" });
  await github.createRepository({ owner: "octocat", name: "shop", members: { hubot: "write" } });
  const commit = { repository: "octocat/shop", author: "hubot" };
  await github.commit({ ...commit, branch: "main", message: "Begin", files: { "README.md": "# Shop\n" } });
  const environment = { GITHUB_URL: github.url, GITHUB_API_URL: github.url, POLL_SECONDS: "1" };
  return { github, token, environment };
}

/** Opens a pull request, and waits until octocat has posted its review. */
async function reviewed(github: Simulator): Promise<void> {
  const change = { repository: "octocat/shop", author: "hubot", branch: "orders" };
  const files = { "src/orders.ts": "export const orders: string[] = [];\n" };
  await github.commit({ ...change, message: "Add orders", files });
  const { number } = await github.openPullRequest({
    repository: "octocat/shop",
    author: "hubot",
    head: "orders",
    base: "main",
    title: "Add orders",
  });
  const authors = () => github.comments("octocat/shop", number).map(({ login }) => login);
  await expect.poll(authors, patience).toEqual(["octocat"]);
}

function linkIn(text: string): [backend: string, token: string] {
  const [, backend, token] = /(http:\/\/\S+)\/#link=(\S+)/.exec(text) ?? [];
  if (backend === undefined || token === undefined) throw new Error(`no link in:\n${text}`);
  return [backend, token];
}

async function loginBy(backend: string, token: string): Promise<string> {
  const session = await signInByLink(backend, token);
  const me = (await (await session.request("GET", "/auth/me")).json()) as { user: { login: string } };
  return me.user.login;
}

async function hooksAt(github: Simulator, token: string): Promise<unknown> {
  const headers = { authorization: `token ${token}` };
  return await (await fetch(`${github.url}/repos/octocat/shop/hooks`, { headers })).json();
}

/** The paths of the files that hold the text, those of PostgreSQL among them. */
function filesWith(folder: string, text: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((path) => {
    const file = lstatSync(join(folder, path), { throwIfNoEntry: false });
    return file?.isFile() && readFileSync(join(folder, path)).includes(text);
  });
}

/** Where there is a /proc: on Linux. */
function argumentsOfProcesses(): string {
  const pids = existsSync("/proc/self") ? readdirSync("/proc").filter((name) => /^\d+$/.test(name)) : [];
  return pids.map((pid) => ofProcess(pid, "cmdline")).join("\n");
}

function ofProcess(pid: number | string, file: "cmdline" | "environ"): string {
  try {
    return readFileSync(join("/proc", String(pid), file), "utf8");
  } catch {
    // It ended meanwhile, or this is not Linux.
    return "";
  }
}
