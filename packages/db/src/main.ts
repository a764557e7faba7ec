import { readDatabaseUrl } from "./config.ts";
import { connect } from "./connect.ts";
import { migrateToLatest } from "./migrate.ts";

/** Brings the schema at DATABASE_URL up to date and ends. */
const db = connect({ connectionString: readDatabaseUrl(), onError: (error) => console.error(error.message) });
try {
  const applied = await migrateToLatest(db);
  console.log(applied.length === 0 ? "The schema is up to date." : `Applied ${applied.join(", ")}.`);
} finally {
  await db.destroy();
}
