import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { join, resolve } from "node:path";
import { z } from "zod";

const checkout = resolve(import.meta.dirname, "../..");

export type Environment = Readonly<Record<string, string | undefined>>;

/** A service, running as the program that production runs. */
export interface RunningProgram {
  /** Where it listens now. */
  readonly url: string;
  /** What it has printed to standard output and standard error since its first start, where that is collected. */
  output(): string;
  /** As a power failure does. */
  kill(): Promise<void>;
  /** SIGSTOP freezes it, as a paused machine does, until SIGCONT. */
  signal(signal: NodeJS.Signals): void;
  /** As an operator does. @returns the exit code. */
  stop(): Promise<number | null>;
  /** @param changes variables that are different from this start on. */
  start(changes?: Environment): Promise<void>;
}

const readyMessage = z.object({ kind: z.literal("ready"), port: z.number() });

/**
 * Starts a program, and waits until it is ready.
 * @param main its path in the checkout.
 * @param options.collectOutput keeps what it prints to itself.
 */
export async function runProgram(
  main: string,
  options: { environment: Environment; collectOutput: boolean },
): Promise<RunningProgram> {
  let { environment } = options;
  let child: ChildProcess | undefined;
  let port = 0;
  const printed: Buffer[] = [];
  const output = options.collectOutput ? "pipe" : "inherit";

  const end = async (signal: NodeJS.Signals): Promise<number | null> => {
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) {
      return child?.exitCode ?? null;
    }
    // Not "exit", after which there may be output still to come.
    const closed = once(child, "close");
    child.kill(signal);
    await closed;
    return child.exitCode;
  };
  const program: RunningProgram = {
    get url() {
      return `http://127.0.0.1:${port}`;
    },
    output: () => Buffer.concat(printed).toString(),
    kill: async () => void (await end("SIGKILL")),
    signal: (signal) => void child?.kill(signal),
    stop: () => end("SIGTERM"),
    async start(changes = {}) {
      environment = { ...environment, ...changes };
      const stdio = ["ignore", output, output, "ipc"] as const;
      child = fork(join(checkout, main), { cwd: checkout, env: environment, stdio: [...stdio] });
      for (const stream of [child.stdout, child.stderr]) {
        stream?.on("data", (chunk: Buffer) => printed.push(chunk));
      }
      const ended = once(child, "exit").then(([code]) => {
        throw new Error(`${main} ended with ${String(code)} before it was ready\n${program.output()}`);
      });
      const [message] = await Promise.race([once(child, "message"), ended]);
      ({ port } = readyMessage.parse(message));
      // From here on an end is the test's own doing.
      ended.catch(() => {});
    },
  };
  await program.start();
  return program;
}
