import { sql } from "kysely";
import type { Db } from "./connect.ts";

/**
 * Asks for a look at what GitHub could not deliver, for whoever comes back from an absence in which deliveries may have
 * failed. Several who come back together are content with one look: the next is five minutes after the last at the soonest.
 */
export async function requestReconciliation(db: Db): Promise<void> {
  const soonest = sql<Date>`greatest(now(), reconciled_at + interval '5 minutes')`;
  await db
    .updateTable("repositories")
    .set({ reconcile_at: soonest })
    .where("hook_id", "is not", null)
    .where("reconcile_at", ">", soonest)
    .execute();
}
