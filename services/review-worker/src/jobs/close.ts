import type { Db } from "@nectr/db";
import { parseWebhookEvent } from "@nectr/github";
import type { Outcome } from "@nectr/queue";
import { endEvent, readPayload, startEvent } from "../event-store.ts";
import { closePullRequest } from "../pull-request-store.ts";

/** A pull request was closed or merged: a review of it that is under way stops, and the outcome is noted. */
export async function noteClosedPullRequest(db: Db, { eventId }: { eventId: string }): Promise<Outcome> {
  if ((await startEvent(db, eventId)) === undefined) return { kind: "done" };
  const event = parseWebhookEvent("pull_request", await readPayload(db, eventId));
  if (event.kind === "close") await closePullRequest(db, event);
  await endEvent(db, eventId, { status: "completed" });
  return { kind: "done" };
}
