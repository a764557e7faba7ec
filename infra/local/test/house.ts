import { execFile } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished, vi } from "vitest";
import { checkout, inheritedEnvironment } from "../src/config.ts";
import { findFreePort } from "../src/ports.ts";
import { removePostgres } from "../src/postgres-home.ts";
import { stopOrphan } from "../src/postgres.ts";
import { launch, type Launcher, type LauncherOptions } from "./launcher.ts";

/** A place where `npm start` may run, on ports and in a folder of its own. */
export interface House {
  /** A folder for whatever else a test needs. */
  readonly folder: string;
  readonly dataDir: string;
  readonly port: number;
  /** The process id of the database that runs. */
  postgresPid(): number;
  start(options?: Omit<LauncherOptions, "dataDir" | "port">): Launcher;
  /** `npm run link`. */
  askForLink(): Promise<Printed>;
  /** `npm run events`. */
  askForEvents(...args: string[]): Promise<Printed>;
}

interface Printed {
  readonly output: string;
  readonly errors: string;
  readonly code: number;
}

/**
 * For the test that runs; whatever was started there ends with it.
 * @param inFolder where in its folder the data is to lie.
 */
export async function prepareHouse(inFolder = "data"): Promise<House> {
  const folder = mkdtempSync(join(tmpdir(), "nectr-start-"));
  chmodSync(folder, 0o755);
  const dataDir = join(folder, inFolder);
  const port = await findFirstOfPorts();
  const running: Launcher[] = [];
  onTestFinished(async () => {
    for (const launcher of running) {
      launcher.signal("SIGKILL");
      await launcher.exited;
    }
    await stopOrphan(join(dataDir, "postgres"));
    removePostgres(join(dataDir, "postgres"));
    rmSync(folder, { recursive: true, force: true });
  });
  return {
    folder,
    dataDir,
    port,
    postgresPid() {
      const pidFile = join(dataDir, "postgres", "data", "postmaster.pid");
      return Number(readFileSync(pidFile, "utf8").split("\n")[0]);
    },
    start(options = {}) {
      const launcher = launch({ dataDir, port, ...options });
      running.push(launcher);
      return launcher;
    },
    askForLink: () => print("link.ts"),
    askForEvents: (...args) => print("events.ts", ...args),
  };

  function print(program: string, ...args: string[]): Promise<Printed> {
    return new Promise((resolve) => {
      const env = { ...inheritedEnvironment(), DATABASE_URL: "", NECTR_DATA_DIR: dataDir };
      const command = [join(checkout, "infra/local/src", program), ...args];
      const child = execFile(process.execPath, command, { env }, (_, output, errors) =>
        resolve({ output, errors, code: child.exitCode ?? -1 }),
      );
    });
  }
}

/** A port whose neighbours that the launcher takes (+1, +2, +10) are free as well. */
async function findFirstOfPorts(): Promise<number> {
  return await vi.waitUntil(
    async () => {
      const candidate = await findFreePort();
      const neighbours = await Promise.all([1, 2, 10].map((offset) => canListen(candidate + offset)));
      return neighbours.every(Boolean) ? candidate : undefined;
    },
    { timeout: 60_000 },
  );
}

async function canListen(candidate: number): Promise<boolean> {
  const probe = createServer();
  return await new Promise((resolve) => {
    probe.once("error", () => resolve(false));
    probe.listen(candidate, "127.0.0.1", () => probe.close(() => resolve(true)));
  });
}
