import { stat } from "node:fs/promises";
import { gitEnvironment, usersEnvironment } from "./config.ts";
import { Trouble } from "../trouble.ts";
import { GitError, runGit, type GitCall, type GitResult } from "./run-git.ts";

type Asked = Omit<GitCall, "directory" | "environment" | "args">;

/** A repository, and git in it. It can change nothing, and runs nothing that the repository or its user names. */
export interface Git {
  /** The top of the working tree, or the folder of a bare repository. */
  readonly root: string;
  readonly bare: boolean;
  /** Whether git makes line feeds of the working tree's CR LF. */
  readonly convertsLineEnds: boolean;
  run(args: readonly string[], asked?: Asked): Promise<GitResult>;
  /** What git printed, as text without its last line feed; undefined where it ended with 1: there is none. */
  ask(...args: string[]): Promise<string | undefined>;
}

/** @throws Trouble where the folder is not in a repository */
export async function openGit(directory: string): Promise<Git> {
  await assertDirectory(directory);
  const bare = (await revParse(directory, "--is-bare-repository")) === "true";
  const root = await revParse(directory, bare ? "--absolute-git-dir" : "--show-toplevel");
  const lineEnds = await usersLineEnds(root);
  const environment = gitEnvironment({ ...lineEnds, ...(await filtersOff(root)) });
  const run = (args: readonly string[], asked: Asked = {}) =>
    runGit({ directory: root, environment, args, ...asked });
  return {
    root,
    bare,
    convertsLineEnds: ["true", "input"].includes(lineEnds["core.autocrlf"] ?? ""),
    run,
    async ask(...args) {
      const { exitCode, stdout } = await run(args, { accept: [1] });
      return exitCode === 0 ? stdout.toString("utf8").replace(/\n$/, "") : undefined;
    },
  };
}

async function assertDirectory(directory: string): Promise<void> {
  const found = await stat(directory).catch((cause: unknown) => {
    throw new Trouble(`There is no folder ${directory}.`, { cause });
  });
  if (!found.isDirectory())
    throw new Trouble(`${directory} is no folder. Name the folder of a git repository.`);
}

async function revParse(directory: string, question: string): Promise<string> {
  try {
    const { stdout } = await runGit({
      directory,
      environment: gitEnvironment(),
      args: ["rev-parse", question],
    });
    return stdout.toString("utf8").replace(/\n$/, "");
  } catch (cause) {
    if (!(cause instanceof GitError)) throw cause;
    const advice = "Go to one, or name it with --repo.";
    throw new Trouble(`${directory} is not in a git repository. ${advice}`, { cause });
  }
}

/** How the user's git converts line ends: without it, every line of a checkout with CR LF would look changed. */
async function usersLineEnds(directory: string): Promise<Record<string, string>> {
  const keys = ["core.autocrlf", "core.eol"];
  const found = await Promise.all(
    keys.map(async (key) => {
      const args = ["config", "--get", key];
      const call = { directory, environment: usersEnvironment(), args, accept: [1, 128] };
      const { stdout } = await runGit(call);
      return [key, stdout.toString("utf8").trim()] as const;
    }),
  );
  return Object.fromEntries(found.filter(([, value]) => value !== ""));
}

/** Settings by which no filter runs: a filter is a program that git hands each changed file to. */
async function filtersOff(directory: string): Promise<Record<string, string>> {
  const args = ["config", "--null", "--name-only", "--get-regexp", String.raw`^filter\.`];
  const { stdout } = await runGit({ directory, environment: gitEnvironment(), args, accept: [1] });
  const names = stdout
    .toString("utf8")
    .split("\0")
    .flatMap((key) => /^filter\.(.*)\.[^.]+$/s.exec(key)?.[1] ?? []);
  return Object.fromEntries(
    [...new Set(names)].flatMap((name) => [
      [`filter.${name}.clean`, ""],
      [`filter.${name}.smudge`, ""],
      [`filter.${name}.process`, ""],
      [`filter.${name}.required`, "false"],
    ]),
  );
}
