import { setTimeout as delay } from "node:timers/promises";
import { Kysely, PostgresDialect, type PostgresPool } from "kysely";
import pg from "pg";
import { withPreparedStatements } from "./prepared-statements.ts";
import type { Database } from "./schema.ts";

export type Db = Kysely<Database>;

/** Oids of int8 and numeric (pg_type.dat), which `pg` would otherwise hand over as strings. */
const int8 = 20;
const numeric = 1700;

/** How long `destroy` waits for what is under way, and then for the connections that it cuts. */
const endStepMs = 2_000;

/**
 * Opens a pool; nothing connects before the first query. Close it with `db.destroy()`, which takes 4 s at most: what is
 * still under way after half of it is cut off, and fails.
 * @param options.maxConnections at most this many connections (10).
 * @param options.connectTimeoutMs how long a query waits for a connection (5,000), before it fails.
 * @param options.holdLimitMs a connection that one query or transaction has held for so long is cut, and they fail: a
 *   server that is gone without a word would else hold them until TCP gives up, a quarter of an hour later.
 * @param options.idleLimitMs a transaction that asked nothing for so long is undone by the server: whoever froze in the
 *   middle of it would else keep its rows from everybody until it wakes.
 * @param options.prepare for a process that sends the same few statements over and over: each is parsed once.
 * @param options.onError told of connections that break, idle or between two queries of a transaction, which would
 *   else end the process.
 */
export function connect(options: {
  connectionString: string;
  maxConnections?: number;
  connectTimeoutMs?: number;
  holdLimitMs?: number;
  idleLimitMs?: number;
  prepare?: boolean;
  onError: (error: Error) => void;
}): Db {
  const pool = new pg.Pool({
    connectionString: options.connectionString,
    max: options.maxConnections ?? 10,
    connectionTimeoutMillis: options.connectTimeoutMs ?? 5_000,
    ...(options.idleLimitMs !== undefined && { idle_in_transaction_session_timeout: options.idleLimitMs }),
    types: { getTypeParser },
  });
  pool.on("connect", (client) => client.on("error", options.onError));
  // The pool tells once more of a client that was idle; unheard, that would end the process.
  pool.on("error", () => {});
  if (options.holdLimitMs !== undefined) cutOverdue(pool, options.holdLimitMs, options.onError);
  const end = createBoundedEnd(pool, options.onError);
  const served: PostgresPool = options.prepare ? withPreparedStatements(pool) : pool;
  const dialect = new PostgresDialect({
    pool: { connect: () => served.connect(), end, options: pool.options },
  });
  return new Kysely<Database>({ dialect });
}

/** `pool.end` itself waits for all that is under way: beside a server that is gone without a word, for ever. */
function createBoundedEnd(pool: pg.Pool, onError: (error: Error) => void): () => Promise<void> {
  const clients = new Set<pg.PoolClient>();
  pool.on("connect", (client) => clients.add(client));
  pool.on("remove", (client) => clients.delete(client));
  return async () => {
    const ended = pool.end().then(() => true);
    if (await Promise.race([ended, delay(endStepMs, false, { ref: false })])) return;
    // With a query under way, this cuts the connection at once.
    for (const client of clients) client.end().catch(onError);
    await Promise.race([ended, delay(endStepMs, undefined, { ref: false })]);
  };
}

function cutOverdue(pool: pg.Pool, ms: number, onError: (error: Error) => void): void {
  const timers = new WeakMap<pg.PoolClient, NodeJS.Timeout>();
  const cut = (client: pg.PoolClient) => {
    // With a query under way, `end` cuts the connection at once.
    client.end().catch(onError);
    // What happened to this one has happened to those that are idle, too, and each would cost somebody as long a wait.
    for (let idle = pool.idleCount; idle > 0; idle -= 1) {
      pool.connect().then((other) => other.release(true), onError);
    }
  };
  pool.on("acquire", (client) => timers.set(client, setTimeout(cut, ms, client)));
  pool.on("release", (_error, client) => clearTimeout(timers.get(client)));
}

/**
 * A pool for what waits for somebody else, such as GitHub, while it holds a lock. Few connections, and a longer wait
 * for one, so that a slow GitHub costs those who wait for it and nobody else.
 */
export function connectLocks(options: { connectionString: string; onError: (error: Error) => void }): Db {
  return connect({ ...options, maxConnections: 4, connectTimeoutMs: 30_000 });
}

/** Resolves when the database answers. */
export async function ping(db: Db): Promise<void> {
  await db.selectNoFrom((e) => e.lit(1).as("one")).execute();
}

/** As `pg`'s own parsers, but int8 and numeric as exact numbers; a value past 2^53 is an error, never rounded. */
const getTypeParser: typeof pg.types.getTypeParser = (oid: number, format?: "text" | "binary") => {
  if (oid === int8) return parseInteger;
  if (oid === numeric) return Number;
  return pg.types.getTypeParser(oid, format as "text");
};

function parseInteger(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`${text} from the database is beyond 2^53`);
  return value;
}
