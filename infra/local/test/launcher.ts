import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { checkout, inheritedEnvironment } from "../src/config.ts";
import { writeGh } from "./fake-gh.ts";

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
  /** More variables. */
  readonly environment?: Readonly<Record<string, string>>;
  /** The token with which `gh` is signed in to 127.0.0.1; it is signed out without one. */
  readonly ghToken?: string;
}

/** Set to nothing, these are unset, whatever a developer's own `.env` says. */
const unset = [
  "ANTHROPIC_API_KEY",
  "BACKEND_URL",
  "DATABASE_URL",
  "FRONTEND_URL",
  "GITHUB_API_URL",
  "GITHUB_CLIENT_ID",
  "GITHUB_CLIENT_SECRET",
  "GITHUB_PAT",
  "GITHUB_URL",
  "NECTR_REPOSITORIES",
  "OPENAI_BASE_URL",
  "OPENAI_MODEL",
  "POLL_SECONDS",
  "REDIS_URL",
  "SECRET_KEY",
  "WEBHOOK_URL",
];

export function launch(options: LauncherOptions): Launcher {
  const { dataDir, port, args = [], uid, environment = {}, ghToken } = options;
  const programs = mkdtempSync(join(tmpdir(), "nectr-gh-"));
  // In front of the developer's own, and to be run by any account.
  writeGh(programs, ghToken);
  const inherited = inheritedEnvironment();
  const child: ChildProcess = spawn(process.execPath, [join(checkout, "infra/local/src/main.ts"), ...args], {
    cwd: checkout,
    env: {
      ...inherited,
      ...Object.fromEntries(unset.map((name) => [name, ""])),
      PATH: `${programs}${delimiter}${inherited["PATH"]}`,
      NECTR_DATA_DIR: dataDir,
      NECTR_PORT: String(port),
      ...environment,
    },
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
  const exited = once(child, "close").then(([code]: (number | null)[]) => {
    rmSync(programs, { recursive: true });
    return code ?? null;
  });
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
