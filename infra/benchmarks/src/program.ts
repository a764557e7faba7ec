import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { inheritedEnvironment } from "@nectr/local";

/** A program of this benchmark in a process of its own. */
export interface Program extends AsyncDisposable {
  readonly pid: number;
  /** What it said when it was ready. */
  readonly ready: Record<string, unknown>;
  readonly child: ChildProcess;
}

/**
 * Forks a program and waits for the message by which it says that it is ready.
 * @param url of its file.
 */
export async function startProgram(
  url: string,
  args: readonly string[] = [],
  environment: Readonly<Record<string, string>> = {},
): Promise<Program> {
  const child = fork(fileURLToPath(url), args, { env: { ...inheritedEnvironment(), ...environment } });
  const ended = once(child, "exit").then(() => {
    throw new Error(`${url} ended before it was ready`);
  });
  const [ready]: Record<string, unknown>[] = await Promise.race([once(child, "message"), ended]);
  if (ready === undefined || child.pid === undefined) throw new Error(`${url} did not start`);
  return {
    pid: child.pid,
    ready,
    child,
    async [Symbol.asyncDispose]() {
      child.kill("SIGTERM");
      await ended.catch(() => {});
    },
  };
}
