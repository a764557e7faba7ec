import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { findFreePort, startPostgres } from "@nectr/local";

declare module "vitest" {
  export interface ProvidedContext {
    /** A PostgreSQL server, as its superuser. */
    postgresUrl: string;
    /** A Redis server, where `redis-server` is on the PATH. */
    redisUrl: string | undefined;
    /** The path of a Chromium, where one is installed. */
    chromium: string | undefined;
  }
}

/** Starts what the suites share, once for the whole run. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = mkdtempSync(join(tmpdir(), "nectr-test-"));
  // World-enterable, because as root PostgreSQL runs as another account.
  chmodSync(folder, 0o755);
  const postgres = await startPostgres({ folder: join(folder, "postgres"), durable: false });
  const redis = await startRedis(folder);
  project.provide("postgresUrl", postgres.url);
  project.provide("redisUrl", redis?.url);
  project.provide("chromium", find("chromium") ?? find("chromium-browser") ?? find("google-chrome"));
  return async () => {
    await redis?.stop();
    await postgres.stop();
    rmSync(folder, { recursive: true, force: true });
  };
}

function find(program: string): string | undefined {
  const found = spawnSync("which", [program], { encoding: "utf8" });
  return found.status === 0 ? found.stdout.trim() : undefined;
}

async function startRedis(folder: string): Promise<{ url: string; stop(): Promise<void> } | undefined> {
  const program = find("redis-server");
  if (program === undefined) return undefined;
  const port = await findFreePort();
  const flags = ["--port", String(port), "--bind", "127.0.0.1", "--dir", folder, "--save", ""];
  const server = spawn(program, [...flags, "--maxmemory-policy", "noeviction"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  await readyLine(server, "Ready to accept connections");
  return {
    url: `redis://127.0.0.1:${port}`,
    async stop() {
      const exited = new Promise((resolve) => server.once("exit", resolve));
      server.kill("SIGTERM");
      await exited;
    },
  };
}

async function readyLine(server: ChildProcess, text: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    let output = "";
    server.stdout?.on("data", (chunk: Buffer) => {
      output += chunk.toString();
      if (output.includes(text)) resolve();
    });
    server.once("exit", (code) =>
      reject(new Error(`${server.spawnfile} ended with ${code} before it was ready`)),
    );
  });
}
