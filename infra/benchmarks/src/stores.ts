import { spawn } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect, type Db, migrateToLatest } from "@nectr/db";
import { findFreePort, inheritedEnvironment, startPostgres } from "@nectr/local";
import { Redis } from "ioredis";
import pg from "pg";
import { parentOf } from "./processor-time.ts";

/** A PostgreSQL and, where there is one on the PATH, a Redis for the time of the benchmark, both durable. */
export interface Stores extends AsyncDisposable {
  readonly databaseUrl: string;
  readonly redisUrl: string | undefined;
  readonly db: Db;
  /** Plain SQL. */
  readonly query: <T extends pg.QueryResultRow>(text: string, values?: unknown[]) => Promise<T[]>;
  /** Of the servers. */
  readonly pids: readonly number[];
}

export async function startStores(): Promise<Stores> {
  const folder = mkdtempSync(join(tmpdir(), "nectr-bench-"));
  // World-enterable, because as root PostgreSQL runs as another account.
  chmodSync(folder, 0o755);
  const postgres = await startPostgres({ folder: join(folder, "postgres") });
  const redis = await startRedis(folder);
  const db = connect({ connectionString: postgres.url, onError: (error) => console.error(error.message) });
  await migrateToLatest(db);
  const pool = new pg.Pool({ connectionString: postgres.url, max: 1 });
  const query = async <T extends pg.QueryResultRow>(text: string, values?: unknown[]) =>
    (await pool.query<T>(text, values)).rows;
  const [backend] = await query<{ pid: number }>("select pg_backend_pid() as pid");
  return {
    databaseUrl: postgres.url,
    redisUrl: redis?.url,
    db,
    query,
    pids: [parentOf(backend?.pid ?? 0), ...(redis === undefined ? [] : [redis.pid])].filter((pid) => pid > 1),
    async [Symbol.asyncDispose]() {
      await pool.end();
      await db.destroy();
      await redis?.stop();
      await postgres.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Flushed each second, as the compose file has it. */
async function startRedis(folder: string) {
  const port = await findFreePort();
  const flags = ["--port", String(port), "--bind", "127.0.0.1", "--dir", folder, "--save", ""];
  const server = spawn("redis-server", [...flags, "--appendonly", "yes", "--appendfsync", "everysec"], {
    stdio: "ignore",
    env: inheritedEnvironment(),
  });
  const started = await once(server, "spawn").then(
    () => true,
    () => false,
  );
  if (!started || server.pid === undefined) return undefined;
  const url = `redis://127.0.0.1:${port}`;
  const redis = new Redis(url, { retryStrategy: () => 20, maxRetriesPerRequest: 500 });
  // Refused until the server listens.
  redis.on("error", () => {});
  await redis.ping();
  redis.disconnect();
  return {
    url,
    pid: server.pid,
    async stop() {
      const exited = once(server, "exit");
      server.kill("SIGTERM");
      await exited;
    },
  };
}
