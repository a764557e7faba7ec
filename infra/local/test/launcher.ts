import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { checkout, inheritedEnvironment } from "../src/config.ts";

/** `npm start`'s program, as a child process. */
export interface Launcher {
  /** All that it printed so far. */
  output(): string;
  /** Resolves when it has printed the text. @throws Error with all of its output where it ends before that. */
  printed(text: string): Promise<void>;
  signal(signal: NodeJS.Signals): void;
  /** Resolves with its exit code; null after SIGKILL. */
  readonly exited: Promise<number | null>;
}

export interface LauncherOptions {
  readonly dataDir: string;
  readonly port: number;
  readonly args?: readonly string[];
  /** Runs it as this account. */
  readonly uid?: number;
}

export function launch({ dataDir, port, args = [], uid }: LauncherOptions): Launcher {
  const child: ChildProcess = spawn(process.execPath, [join(checkout, "infra/local/src/main.ts"), ...args], {
    cwd: checkout,
    env: { ...inheritedEnvironment(), NECTR_DATA_DIR: dataDir, NECTR_PORT: String(port) },
    stdio: ["ignore", "pipe", "pipe"],
    ...(uid !== undefined && { uid, gid: uid }),
  });
  let output = "";
  const waiting = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on("data", (chunk: Buffer) => {
      output += chunk.toString();
      for (const check of waiting) check();
    });
  }
  const exited = once(child, "close").then(([code]: (number | null)[]) => code ?? null);
  return {
    output: () => output,
    async printed(text) {
      const seen = new Promise<void>((resolve) => {
        const check = () => void (output.includes(text) && resolve());
        waiting.add(check);
        check();
      });
      const ended = exited.then((code) => {
        throw new Error(`the launcher ended with ${code} before it printed "${text}":\n${output}`);
      });
      await Promise.race([seen, ended]);
      ended.catch(() => {});
    },
    signal: (signal) => void child.kill(signal),
    exited,
  };
}
