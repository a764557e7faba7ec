import type { Database, Db } from "@nectr/db";

/** A row of whatever table. */
export interface AnyRow {
  /** With its schema, where that is not the usual one. */
  readonly table: string;
  readonly row: Readonly<Record<string, unknown>>;
}

/** Every row of every table of a database, the queue's own included. */
export async function everyRow(db: Db): Promise<AnyRow[]> {
  const tables = await db.introspection.getTables();
  const rows = tables.map(async ({ schema = "public", name }) => {
    // A table of ours or of anybody else's: all of its columns are taken as they come.
    const query = db.withSchema(schema).selectFrom(name as keyof Database);
    const table = schema === "public" ? name : `${schema}.${name}`;
    return (await query.selectAll().execute()).map((row) => ({ table, row: { ...row } }));
  });
  return (await Promise.all(rows)).flat();
}
