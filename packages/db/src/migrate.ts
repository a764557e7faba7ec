import { type Migration, Migrator } from "kysely/migration";
import type { Db } from "./connect.ts";
import * as accounts from "./migrations/0001-accounts.ts";
import * as repositories from "./migrations/0002-repositories.ts";
import * as events from "./migrations/0003-events.ts";
import * as reviews from "./migrations/0004-reviews.ts";
import * as personalMode from "./migrations/0005-personal-mode.ts";
import * as ingest from "./migrations/0006-ingest.ts";
import * as reconciliation from "./migrations/0007-reconciliation.ts";
import * as requestLimits from "./migrations/0008-request-limits.ts";
import * as modelSpend from "./migrations/0009-model-spend.ts";
import * as turns from "./migrations/0010-turns.ts";
import * as severities from "./migrations/0011-severities.ts";
import * as configReports from "./migrations/0012-config-reports.ts";
import * as graph from "./migrations/0013-graph.ts";
import * as memory from "./migrations/0014-memory.ts";

/** Every migration in its order. The list only grows; the version that runs works against the next schema. */
export const migrations: Record<string, Migration> = {
  "0001-accounts": accounts,
  "0002-repositories": repositories,
  "0003-events": events,
  "0004-reviews": reviews,
  "0005-personal-mode": personalMode,
  "0006-ingest": ingest,
  "0007-reconciliation": reconciliation,
  "0008-request-limits": requestLimits,
  "0009-model-spend": modelSpend,
  "0010-turns": turns,
  "0011-severities": severities,
  "0012-config-reports": configReports,
  "0013-graph": graph,
  "0014-memory": memory,
};

/** Kysely's own bookkeeping and lock: any number of processes may migrate at once, one does. */
export function createMigrator(db: Db): Migrator {
  return new Migrator({ db, provider: { getMigrations: async () => migrations } });
}

/**
 * Brings the schema up to date.
 * @returns the names of the migrations that were applied, none where it was up to date.
 * @throws Error naming the migration that failed; those before it stay applied.
 */
export async function migrateToLatest(db: Db): Promise<string[]> {
  const { error, results = [] } = await createMigrator(db).migrateToLatest();
  if (error !== undefined) {
    const failed = results.find((result) => result.status === "Error");
    throw new Error(`Migration ${failed?.migrationName ?? "of the database"} failed`, { cause: error });
  }
  return results.map((result) => result.migrationName);
}
