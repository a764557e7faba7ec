import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Simulator } from "@nectr/github-simulator";
import { inheritedEnvironment } from "@nectr/local";

const run = promisify(execFile);

/** A repository with one commit on main, and the people who work on it. */
export interface Shop {
  readonly id: number;
  readonly fullName: string;
  /** octocat owns it; hubot may write, and opens the pull requests. */
  readonly tokens: { readonly octocat: string; readonly hubot: string };
}

export async function createShop(simulator: Simulator): Promise<Shop> {
  const octocat = await simulator.createUser({ login: "octocat" });
  const hubot = await simulator.createUser({ login: "hubot" });
  const { id, fullName } = await simulator.createRepository({
    owner: "octocat",
    name: "shop",
    members: { hubot: "write" },
  });
  await simulator.commit({
    repository: fullName,
    branch: "main",
    files: { "README.md": "# Shop\n", "src/orders.ts": "export const orders: string[] = [];\n" },
    message: "Begin",
    author: "octocat",
  });
  return { id, fullName, tokens: { octocat: octocat.token, hubot: hubot.token } };
}

/** A clone, in which a person commits and pushes with git itself. */
export interface Clone extends AsyncDisposable {
  /** Commits these files to the branch, made from main where it is new, and pushes it. @returns the commit's sha. */
  push(branch: string, files: Readonly<Record<string, string>>): Promise<string>;
}

export async function cloneShop(simulator: Simulator, shop: Shop): Promise<Clone> {
  const folder = await mkdtemp(join(tmpdir(), "nectr-clone-"));
  const remote = new URL(`${simulator.url}/${shop.fullName}.git`);
  Object.assign(remote, { username: "hubot", password: shop.tokens.hubot });
  const env = { ...inheritedEnvironment(), GIT_CONFIG_GLOBAL: "/dev/null", GIT_TERMINAL_PROMPT: "0" };
  const identity = ["-c", "user.name=hubot", "-c", "user.email=hubot@example.com"];
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
