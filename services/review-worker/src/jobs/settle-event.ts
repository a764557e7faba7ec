import type { PullRequest } from "@nectr/github";
import { endEvent, type EventRow } from "../event-store.ts";
import { endStaleEvents, findClosing, findSuccessor } from "../superseded-store.ts";
import type { ReviewDeps } from "../worker-deps.ts";
import { decideHead, type HeadDecision, newerHead } from "./decide-head.ts";

/**
 * Decides about an event by the pull request as GitHub shows it now, and ends what that leaves without a purpose: the
 * event itself, and those that wait and were received before. Of twenty pushes one asks GitHub, for all.
 * @param lastLook whether we looked often enough.
 */
export async function settleEvent(
  { db, onReview }: Pick<ReviewDeps, "db" | "onReview">,
  event: EventRow,
  pull: Pick<PullRequest, "state" | "head">,
  lastLook: boolean,
): Promise<HeadDecision> {
  const closed = pull.state === "closed";
  const moved = !closed && pull.head.sha !== event.head_sha;
  const successor = moved ? await findSuccessor(db, event, pull.head.sha) : undefined;
  const decision = decideHead(pull, event.head_sha, { successor: successor !== undefined, lastLook });
  if (decision.kind === "look-again") return decision;

  const ended = decision.kind === "superseded";
  if (ended) await endEvent(db, event.event_id, { status: "superseded", reason: decision.reason });
  const later = closed ? await findClosing(db, event) : successor;
  const stale = await endStaleEvents(db, event, {
    before: later !== undefined && later > event.event_id ? later : event.event_id,
    exceptHead: closed ? undefined : pull.head.sha,
    reason: ended ? decision.reason : newerHead(pull),
  });
  for (let each = 0; each < stale + Number(ended); each += 1) onReview("superseded", 0);
  return decision;
}
