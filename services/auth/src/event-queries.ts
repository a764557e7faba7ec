import { anyOf, type Db } from "@nectr/db";
import type { PageOptions } from "./paging.ts";

/** Events without their payloads. */
export function listEvents(db: Db, { repositoryIds, before, limit }: PageOptions) {
  return db
    .selectFrom("webhook_events")
    .select([
      "event_id",
      "delivery_guid",
      "event",
      "action",
      "repository_id",
      "number",
      "head_sha",
      "status",
      "reason",
      "duplicate_of",
      "attempts",
      "error",
      "received_at",
      "finished_at",
    ])
    .where("repository_id", "=", anyOf(repositoryIds))
    .$if(before !== undefined, (query) => query.where("event_id", "<", before ?? ""))
    .orderBy("event_id", "desc")
    .limit(limit)
    .execute();
}
