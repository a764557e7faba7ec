import { spawn } from "node:child_process";
import { Trouble } from "../trouble.ts";

/** git ended with another exit code than those that the caller expects. */
export class GitError extends Trouble {
  readonly exitCode: number | null;
  /** What git said; names and text of the repository may be in it. */
  readonly said: string;

  constructor(args: readonly string[], exitCode: number | null, said: string) {
    super(`git ${args[0]} ended with ${exitCode}: ${said}`);
    this.exitCode = exitCode;
    this.said = said;
  }
}

export interface GitCall {
  readonly directory: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly args: readonly string[];
  readonly input?: string;
  /** Exit codes besides 0 that are an answer and not a failure. */
  readonly accept?: readonly number[];
  /** Bytes of output after which git is stopped, and what came until then counts. */
  readonly cutAt?: number;
  readonly timeoutMs?: number;
}

export interface GitResult {
  readonly exitCode: number | null;
  readonly stdout: Buffer;
  /** The output was longer, or took longer, than the caller wants. */
  readonly cut: boolean;
}

/** More than any change that a person looks at, and less than what a process can hold. */
const mostBytes = 256 * 1024 * 1024;

/**
 * Runs git once.
 * @throws GitError; Trouble where there is no git, or its output is larger than a review can be
 */
export async function runGit(call: GitCall): Promise<GitResult> {
  const { directory, environment, args, input = "", accept = [], cutAt, timeoutMs } = call;
  const child = spawn("git", ["--no-pager", ...args], {
    cwd: directory,
    env: environment,
    stdio: ["pipe", "pipe", "pipe"],
    ...(timeoutMs !== undefined && { timeout: timeoutMs }),
  });
  const ended = Promise.withResolvers<{ code: number | null; signal: NodeJS.Signals | null }>();
  child.on("error", (cause: NodeJS.ErrnoException) => {
    if (cause.code !== "ENOENT") return ended.reject(cause);
    ended.reject(new Trouble("There is no git here. Install it, or add it to the PATH.", { cause }));
  });
  child.on("close", (code, signal) => ended.resolve({ code, signal }));
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  const most = cutAt ?? mostBytes;
  let bytes = 0;
  child.stdout.on("data", (data: Buffer) => {
    if (bytes <= most) stdout.push(data);
    bytes += data.length;
    if (bytes > most) child.kill();
  });
  child.stderr.on("data", (data: Buffer) => stderr.push(data));
  child.stdin.on("error", (error: NodeJS.ErrnoException) => {
    // git may end before it has read its input; its exit code then tells what went wrong.
    if (error.code !== "EPIPE") ended.reject(error);
  });
  child.stdin.end(input);

  const { code, signal } = await ended.promise;
  const cut = bytes > most || (timeoutMs !== undefined && signal !== null);
  if (cut && cutAt === undefined) {
    throw new Trouble(`The output of git ${args[0]} is too large to review. Choose a base that is nearer.`);
  }
  if (cut || code === 0 || (code !== null && accept.includes(code))) {
    return { exitCode: code, stdout: Buffer.concat(stdout).subarray(0, most), cut };
  }
  throw new GitError(args, code, Buffer.concat(stderr).toString("utf8").trim());
}
