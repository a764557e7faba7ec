import { setTimeout as delay } from "node:timers/promises";
import { createPostgresBackend, DEFAULT_SCHEMA, type PgPool, Queue, runMigrations, Worker } from "bullmq";
import pg from "pg";
import type { Backend } from "./backend.ts";

/** Opened as they are needed. Each worker keeps one to be notified on. */
const maxConnections = 12;
const retryDelayMs = 500;
/** A server that is gone without a word would else hold a connection until TCP gives up, a quarter of an hour later. */
const silenceLimitMs = 15_000;

/**
 * Queues in PostgreSQL, in a schema of their own. One pool serves all producers and workers.
 *
 * The schema is made here, before any worker can start: on a database without it a worker fails in a hot
 * loop. Rejects where the database does not answer.
 */
export async function connectPostgres(
  databaseUrl: string,
  onError: (error: Error) => void,
): Promise<Backend> {
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    max: maxConnections,
    connectionTimeoutMillis: 5_000,
    query_timeout: silenceLimitMs,
    application_name: "nectr-queue",
    // BullMQ leaves names unqualified; on a pool that is not its own, choosing the schema is up to us.
    options: `-c search_path=${DEFAULT_SCHEMA}`,
  });
  pool.on("error", onError);
  const clients = new Set<pg.PoolClient>();
  pool.on("connect", (client) => clients.add(client));
  pool.on("remove", (client) => clients.delete(client));
  try {
    await migrate(pool);
  } catch (error) {
    await pool.end();
    throw error;
  }

  // BullMQ declares node-postgres by itself, and its listeners more widely than @types/pg. It is the same class.
  const connection = pool as unknown as PgPool;
  return {
    kind: "postgres",
    openQueue: (name, defaultJobOptions) =>
      new Queue(name, { connection, defaultJobOptions }, createPostgresBackend),
    openWorker: (name, process, options) => ({
      worker: new Worker(name, process, { ...options, connection }, createPatientBackend),
      // The pool is shared; it is given up with the connection as a whole.
      abandon: () => {},
    }),
    // A query says at once that the server is away.
    requireConnection: () => {},
    ping: async () => void (await pool.query("select 1")),
    async close() {
      // The pool would wait for ever for a connection that an abandoned worker has not given back.
      pool.end().catch(onError);
      await Promise.all([...clients].map((client) => client.end()));
    },
  };
}

/**
 * A worker asks for the next job again as soon as the last question failed. Redis's connections make it wait
 * by themselves; a database that refuses at once would be asked in a hot loop.
 */
const createPatientBackend: typeof createPostgresBackend = (...settings) => {
  const backend = createPostgresBackend(...settings);
  const moveToActive = backend.moveToActive.bind(backend);
  backend.moveToActive = async (...question) => {
    try {
      return await moveToActive(...question);
    } catch (error) {
      await delay(retryDelayMs);
      throw error;
    }
  };
  return backend;
};

async function migrate(pool: pg.Pool): Promise<void> {
  const client = await pool.connect();
  try {
    await runMigrations(client);
  } finally {
    client.release();
  }
}
