import type { Db } from "@nectr/db";
import type { Logger } from "@nectr/service";
import { endEvent } from "../event-store.ts";
import { explainFailure } from "./explain-failure.ts";

/**
 * Notes a failed attempt: in full in the log, and after the last one with the event, in words for people.
 * @param final whether there will be no other attempt.
 */
export async function failEvent(
  { db, logger }: { readonly db: Db; readonly logger: Logger },
  { eventId }: { readonly eventId: string },
  error: Error,
  final: boolean,
): Promise<void> {
  logger.error({ err: error, eventId, final }, "job failed");
  if (final) await endEvent(db, eventId, { status: "failed", error: explainFailure(error, eventId) });
}
