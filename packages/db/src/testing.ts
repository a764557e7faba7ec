import { randomBytes } from "node:crypto";
import pg from "pg";
import { connect, type Db } from "./connect.ts";
import { migrateToLatest } from "./migrate.ts";

/** A database of one's own, gone when disposed of. */
export interface TestDatabase extends AsyncDisposable {
  readonly url: string;
  readonly db: Db;
}

/** Made by the first caller on a server; the name changes with nothing, so that later ones find it. */
const template = "nectr_template";
/** Any number: it keeps two test files from making the template at once. */
const templateLock = 8_112_020;

/**
 * Clones a migrated template, which takes about 30 ms.
 * @param serverUrl of a Postgres server, as a user who may create databases.
 */
export async function createTestDatabase(serverUrl: string): Promise<TestDatabase> {
  const name = `nectr_test_${randomBytes(6).toString("hex")}`;
  await withClient(serverUrl, async (client) => {
    await ensureTemplate(client, serverUrl);
    await client.query(`create database ${name} template ${template}`);
  });
  const url = urlOf(serverUrl, name);
  const db = connect({ connectionString: url, connectTimeoutMs: 30_000, onError: reportUnlessDropped });
  return {
    url,
    db,
    async [Symbol.asyncDispose]() {
      await db.destroy();
      await withClient(serverUrl, (client) => client.query(`drop database if exists ${name} with (force)`));
    },
  };
}

async function ensureTemplate(client: pg.Client, serverUrl: string): Promise<void> {
  await client.query("select pg_advisory_lock($1)", [templateLock]);
  try {
    const { rowCount } = await client.query("select from pg_database where datname = $1", [template]);
    if (rowCount !== 0) return;
    await client.query(`create database ${template}_new`);
    const db = connect({
      connectionString: urlOf(serverUrl, `${template}_new`),
      onError: reportUnlessDropped,
    });
    await migrateToLatest(db);
    await db.destroy();
    await client.query(`alter database ${template}_new rename to ${template}`);
  } finally {
    await client.query("select pg_advisory_unlock($1)", [templateLock]);
  }
}

async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

function urlOf(serverUrl: string, database: string): string {
  const url = new URL(serverUrl);
  url.pathname = `/${database}`;
  return url.href;
}

/** A dropped database ends its connections (57P01), which is the point; anything else must be seen. */
function reportUnlessDropped(error: Error): void {
  if ("code" in error && error.code === "57P01") return;
  throw error;
}
