import { execFile } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
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
  start(options?: Omit<LauncherOptions, "dataDir" | "port">): Launcher;
  /** `npm run link`. */
  askForLink(): Promise<{ output: string; errors: string; code: number }>;
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
    start(options = {}) {
      const launcher = launch({ dataDir, port, ...options });
      running.push(launcher);
      return launcher;
    },
    askForLink: () =>
      new Promise((resolve) => {
        const env = { ...inheritedEnvironment(), NECTR_DATA_DIR: dataDir };
        const program = [join(checkout, "infra/local/src/link.ts")];
        const child = execFile(process.execPath, program, { env }, (_, output, errors) =>
          resolve({ output, errors, code: child.exitCode ?? -1 }),
        );
      }),
  };
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
