import { sql } from "kysely";
import type { Db } from "./connect.ts";

/**
 * Asks for a look at what GitHub could not deliver, for whoever comes back from an absence in which deliveries may have
 * failed. Of several who come back together one look is enough, so what was done within five minutes is left alone.
 */
export async function requestReconciliation(db: Db): Promise<void> {
  await db
    .updateTable("repositories")
    .set({ reconcile_at: sql<Date>`now()` })
    .where("hook_id", "is not", null)
    .where("reconcile_at", ">", sql<Date>`now()`)
    .where((e) =>
      e.or([
        e("reconciled_at", "is", null),
        e("reconciled_at", "<", sql<Date>`now() - interval '5 minutes'`),
      ]),
    )
    .execute();
}
