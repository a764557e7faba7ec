import { spawn } from "node:child_process";
import { gitEnvironment } from "../config.ts";

/** git ended with another exit code than those that the caller expects. */
class GitError extends Error {
  override readonly name = "GitError";
  readonly exitCode: number | null;

  constructor(args: readonly string[], exitCode: number | null, stderr: string) {
    super(`git ${args.join(" ")} ended with ${exitCode}: ${stderr.trim()}`);
    this.exitCode = exitCode;
  }
}

interface GitOptions {
  readonly input?: string | Uint8Array;
  /** Exit codes besides 0 that are an answer and not a failure. */
  readonly accept?: readonly number[];
}

interface GitResult {
  readonly exitCode: number;
  readonly stdout: Buffer;
}

/** Runs git on the bare repository at `dir`. Throws GitError, or the spawn's error where git is missing. */
export function runGit(dir: string, args: readonly string[], options: GitOptions = {}): Promise<GitResult> {
  return runGitAnywhere([`--git-dir=${dir}`, ...args], options);
}

/** What git printed, as text. */
export async function gitText(dir: string, args: readonly string[], options?: GitOptions): Promise<string> {
  return (await runGit(dir, args, options)).stdout.toString("utf8");
}

/** Runs git without a repository, as for `clone`. */
export function runGitAnywhere(args: readonly string[], options: GitOptions = {}): Promise<GitResult> {
  return new Promise((resolve, reject) => {
    const child = spawn("git", args, { env: gitEnvironment(), stdio: ["pipe", "pipe", "pipe"] });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => stdout.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => stderr.push(chunk));
    child.on("error", reject);
    child.stdin.on("error", (error: NodeJS.ErrnoException) => {
      // git may end before it has read its input; its exit code then tells what went wrong.
      if (error.code !== "EPIPE") reject(error);
    });
    child.on("close", (exitCode) => {
      if (exitCode === 0 || (exitCode !== null && options.accept?.includes(exitCode))) {
        resolve({ exitCode, stdout: Buffer.concat(stdout) });
      } else {
        reject(new GitError(args, exitCode, Buffer.concat(stderr).toString("utf8")));
      }
    });
    child.stdin.end(options.input ?? "");
  });
}
