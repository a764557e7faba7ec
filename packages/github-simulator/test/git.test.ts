import { execFile, fork } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { z } from "zod";
import { processEnvironment } from "../src/config.ts";
import { openReceiver, openShop } from "./world.ts";

const run = promisify(execFile);

test("git clones, and a push moves the pull request and sends synchronize", async () => {
  await using shop = await openShop();
  await using receiver = await openReceiver();
  await shop.octocat("POST", "/repos/octocat/shop/hooks", {
    body: { events: ["pull_request"], config: { url: receiver.url, content_type: "json" } },
  });
  const folder = await mkdtemp(join(tmpdir(), "clone-"));
  const git = (...args: string[]) =>
    run("git", ["-C", folder, "-c", "user.name=Hubot", "-c", "user.email=h@example.com", ...args]);
  const address = (token: string) =>
    shop.simulator.url.replace("://", `://x:${token}@`) + "/octocat/shop.git";
  try {
    await expect(git("clone", "--quiet", address(shop.stranger.token), ".")).rejects.toThrow(/not found/i);
    await git("clone", "--quiet", "--branch", "feature", address(shop.hubot.token), ".");
    await writeFile(join(folder, "pushed.txt"), "pushed\n");
    await git("add", ".");
    await git("commit", "--quiet", "-m", "Pushed");
    await git("push", "--quiet", "origin", "feature");
    const head = (await git("rev-parse", "HEAD")).stdout.trim();
    await shop.simulator.deliveriesSettled();
    const last = receiver.received.at(-1)?.body.toString() ?? "";
    expect(JSON.parse(last)).toMatchObject({
      action: "synchronize",
      before: shop.headSha,
      after: head,
      sender: { login: "hubot" },
    });
    const pull = async () => (await shop.octocat("GET", "/repos/octocat/shop/pulls/1")).json;
    expect(await pull()).toMatchObject({ state: "open", head: { sha: head } });
    await expect(git("push", "--quiet", "origin", "HEAD:refs/pull/1/head")).rejects.toThrow();
    await git("push", "--quiet", "origin", ":feature");
    expect(await pull()).toMatchObject({ state: "closed" });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test("a fork's pull request follows the fork, and what was never in the base is shown", async () => {
  await using shop = await openShop();
  const { simulator } = shop;
  await simulator.createRepository({ owner: "stranger", name: "shop", forkOf: "octocat/shop" });
  const commit = (text: string) =>
    simulator.commit({
      repository: "stranger/shop",
      branch: "theirs",
      from: "main",
      files: { "x.txt": text },
      message: "x",
    });
  await commit("one\n");
  await simulator.createRepository({ owner: "octocat", name: "open" });
  const { number } = await simulator.openPullRequest({
    repository: "octocat/shop",
    head: "stranger:theirs",
    title: "Theirs",
    author: "stranger",
  });
  const sha = await commit("two\n");
  const pull = (await shop.octocat("GET", `/repos/octocat/shop/pulls/${number}`)).json;
  expect(pull).toMatchObject({
    head: { sha, label: "stranger:theirs", repo: { fork: true } },
    changed_files: 1,
  });
  expect(simulator.violations()).toEqual([]);
});

interface Program extends AsyncDisposable {
  readonly url: string;
  kill(): Promise<void>;
}

/** The program as a launcher starts it. */
async function start(dataDir: string): Promise<Program> {
  const main = fileURLToPath(new URL("../src/main.ts", import.meta.url));
  const env = { ...processEnvironment(), PORT: "0", NECTR_SIMULATOR_DIR: dataDir, NECTR_SIMULATOR_DEMO: "1" };
  const child = fork(main, { env, silent: true, execArgv: [] });
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const ready = new Promise<{ port: number }>((resolve, reject) => {
    child.once("message", (message) => resolve(z.object({ port: z.int() }).parse(message)));
    child.once("exit", (code) => reject(new Error(`ended with ${code}`)));
  });
  const { port } = await ready;
  return {
    url: `http://127.0.0.1:${port}`,
    async kill() {
      child.kill("SIGKILL");
      await ended;
    },
    async [Symbol.asyncDispose]() {
      child.disconnect();
      await ended;
    },
  };
}

async function json(url: string, init: RequestInit = {}): Promise<unknown> {
  return (await fetch(url, init)).json();
}

const pullRequest = z.looseObject({ author: z.string(), title: z.string() });
const demoSchema = z.object({
  pullRequests: z.tuple([pullRequest], pullRequest),
  tokens: z.record(z.string(), z.string()),
});

/** What the program tells of its demo. */
async function demoOf(program: Program) {
  return demoSchema.parse(await json(`${program.url}/_simulator/demo`));
}

test("the program finds everything again after it was killed", async () => {
  const dataDir = await mkdtemp(join(tmpdir(), "simulator-"));
  try {
    const first = await start(dataDir);
    const demo = await demoOf(first);
    const { author, ...pull } = demo.pullRequests[0];
    const headers = { authorization: `token ${demo.tokens[author]}` };
    const opened = await fetch(`${first.url}/repos/octocat/shop/pulls`, {
      method: "POST",
      headers,
      body: JSON.stringify(pull),
    });
    expect(opened.status).toBe(201);
    await first.kill();

    await using second = await start(dataDir);
    const found = await json(`${second.url}/repos/octocat/shop/pulls/1`, { headers });
    expect(found).toMatchObject({ title: pull.title });
    expect((await demoOf(second)).pullRequests).toEqual(demo.pullRequests);
    const app = await fetch(`${second.url}/_simulator/app`, { headers: { origin: "http://example.com" } });
    expect(app.status).toBe(403);
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
});
