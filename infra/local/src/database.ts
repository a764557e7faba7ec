import { connect, type Db } from "@nectr/db";
import pg from "pg";

/**
 * The URL of a database on the server, created where it is missing. The demo has one of its own, so that nothing of
 * it is left to see when the real GitHub is configured.
 */
export async function ensureDatabase(serverUrl: string, name: "nectr" | "nectr_demo"): Promise<string> {
  const client = new pg.Client({ connectionString: serverUrl });
  await client.connect();
  try {
    const { rowCount } = await client.query("select from pg_database where datname = $1", [name]);
    if (rowCount === 0) await client.query(`create database ${name}`);
  } finally {
    await client.end();
  }
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return url.href;
}

/** Does `work` with a connection of its own. */
export async function withDatabase<T>(databaseUrl: string, work: (db: Db) => Promise<T>): Promise<T> {
  const db = connect({ connectionString: databaseUrl, onError: () => {} });
  try {
    return await work(db);
  } finally {
    await db.destroy();
  }
}
