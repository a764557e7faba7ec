import { randomBytes } from "node:crypto";
import { sql } from "kysely";
import pg from "pg";
import { connect, type Db } from "./connect.ts";
import { migrateToLatest } from "./migrate.ts";
import type { Database } from "./schema.ts";

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

/** A database whose writes fail as on a full disk (SQLSTATE 53100), while it is to be so. */
export interface FullDisk {
  fill(): Promise<void>;
  free(): Promise<void>;
  /** How many statements that write to a table have failed of it. */
  refusals(table: keyof Database): Promise<number>;
}

/**
 * Prepares every table that is there, the queue's too; the disk is free at first. Rows can still be deleted, as on a disk
 * that is really full.
 */
export async function prepareFullDisk(db: Db): Promise<FullDisk> {
  await sql`create schema disk`.execute(db);
  await sql`create table disk.state (is_full boolean not null)`.execute(db);
  await sql`insert into disk.state values (false)`.execute(db);
  // A sequence counts what is undone, too.
  await sql`
    create function disk.refuse() returns trigger language plpgsql as $$
    begin
      if not (select is_full from disk.state) then return null; end if;
      perform nextval(format('disk.%I', tg_table_name));
      raise exception using errcode = 'disk_full', message = 'could not extend file: No space left on device';
    end $$`.execute(db);
  for (const { schema = "public", name, isView } of await db.introspection.getTables()) {
    if (isView || schema === "disk") continue;
    await sql`create sequence if not exists disk.${sql.id(name)}`.execute(db);
    await sql`
      create trigger disk before insert or update on ${sql.id(schema, name)}
      execute function disk.refuse()`.execute(db);
  }
  return {
    fill: async () => void (await sql`update disk.state set is_full = true`.execute(db)),
    free: async () => void (await sql`update disk.state set is_full = false`.execute(db)),
    async refusals(table) {
      const { rows } = await sql<{ count: number }>`
        select case when is_called then last_value else 0 end as count from disk.${sql.id(table)}`.execute(
        db,
      );
      return rows[0]?.count ?? 0;
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
