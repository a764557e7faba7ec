import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Simulator } from "@nectr/github-simulator";
import { inheritedEnvironment } from "@nectr/local";

const run = promisify(execFile);

/** Who works on a shop, each with a personal token of theirs: octocat owns it, hubot may write. */
export type People = Readonly<Record<"octocat" | "hubot", string>>;

/** A repository with one commit on main. */
export interface Shop {
  readonly id: number;
  readonly fullName: string;
  /** hubot opens the pull requests. */
  readonly tokens: People;
}

export async function createPeople(simulator: Simulator): Promise<People> {
  const octocat = await simulator.createUser({ login: "octocat" });
  const hubot = await simulator.createUser({ login: "hubot" });
  return { octocat: octocat.token, hubot: hubot.token };
}

/** @param options.people where they are there already. */
export async function createShop(
  simulator: Simulator,
  options: { name?: string; private?: boolean; people?: People } = {},
): Promise<Shop> {
  const { people = await createPeople(simulator), name = "shop" } = options;
  const { id, fullName } = await simulator.createRepository({
    owner: "octocat",
    name,
    members: { hubot: "write" },
    private: options.private,
  });
  await simulator.commit({
    repository: fullName,
    branch: "main",
    files: { "README.md": "# Shop\n", "src/orders.ts": "export const orders: string[] = [];\n" },
    message: "Begin",
    author: "octocat",
  });
  return { id, fullName, tokens: people };
}

/** Opens a pull request of hubot's against main. @returns its number. */
export async function openPullRequest(
  simulator: Simulator,
  { fullName }: Pick<Shop, "fullName">,
  head: string,
): Promise<number> {
  const pull = { repository: fullName, head, title: "Find orders", author: "hubot" };
  return (await simulator.openPullRequest(pull)).number;
}

/** A clone, in which a person commits and pushes with git itself. */
export interface Clone extends AsyncDisposable {
  /** Commits these files to the branch, made from main where it is new, and pushes it. @returns the commit's sha. */
  push(branch: string, files: Readonly<Record<string, string>>): Promise<string>;
}

/** @param login whose clone it is. */
export async function cloneShop(
  simulator: Simulator,
  shop: Shop,
  login: keyof People = "hubot",
): Promise<Clone> {
  const folder = await mkdtemp(join(tmpdir(), "nectr-clone-"));
  const remote = new URL(`${simulator.url}/${shop.fullName}.git`);
  Object.assign(remote, { username: login, password: shop.tokens[login] });
  const env = { ...inheritedEnvironment(), GIT_CONFIG_GLOBAL: "/dev/null", GIT_TERMINAL_PROMPT: "0" };
  const identity = ["-c", `user.name=${login}`, "-c", `user.email=${login}@example.com`];
  const git = async (...args: string[]) =>
    (await run("git", [...identity, ...args], { cwd: folder, env })).stdout;
  await git("clone", "--quiet", remote.href, ".");
  return {
    async push(branch, files) {
      await git(
        "checkout",
        "--quiet",
        "-B",
        branch,
        (await exists(branch)) ? `origin/${branch}` : "origin/main",
      );
      for (const [path, text] of Object.entries(files)) await writeFile(join(folder, path), text);
      await git("add", ".");
      await git("commit", "--quiet", "-m", `Change ${Object.keys(files).join(", ")}`);
      await git("push", "--quiet", "origin", branch);
      return (await git("rev-parse", "HEAD")).trim();
    },
    async [Symbol.asyncDispose]() {
      await rm(folder, { recursive: true, force: true });
    },
  };

  async function exists(branch: string): Promise<boolean> {
    return (await git("branch", "--remotes", "--list", `origin/${branch}`)).trim() !== "";
  }
}
