import type { WebhookEvent } from "@nectr/github";
import type { Delivery } from "./delivery.ts";
import type { VerifiedEvent } from "./verify-delivery.ts";

/** A verified delivery as it will be stored: a row of `webhook_events`, but for its id. */
export interface Arrival {
  readonly event: WebhookEvent;
  readonly hookId: number;
  readonly guid: string;
  readonly name: string;
  readonly action: string | null;
  readonly repositoryId: number | null;
  readonly fullName: string | null;
  /** What is ignored has none, nor a head: it is no event of a pull request. */
  readonly number: number | null;
  readonly headSha: string | null;
  /** Why it is ignored. */
  readonly reason: string | null;
  /** As much of it as is read; none where it is ignored. */
  readonly payload: string | null;
  /** By which an identical event is known; none where each counts. */
  readonly key: string | undefined;
}

/** What became of a delivery. */
export type StoredEvent =
  | QueuedEvent
  /** `eventId` is the first one's. */
  | { readonly status: "duplicate"; readonly eventId: string; readonly reason: string }
  | { readonly status: "ignored"; readonly eventId: string; readonly reason: string };

/** An event that a job shall work on, with what its queue needs to know. */
export interface QueuedEvent {
  readonly status: "queued";
  readonly eventId: string;
  readonly reason?: never;
  readonly repositoryId: number;
  readonly action: string;
}

export const knownDelivery = "this delivery was received before";
export const identicalEvent = "an identical event was received within the hour";

export function toArrival(delivery: Delivery, { name, event }: VerifiedEvent): Arrival {
  const pull = event.kind === "ignored" ? undefined : event;
  return {
    event,
    hookId: delivery.hookId ?? 0,
    guid: delivery.guid,
    name,
    action: storable(event.action),
    repositoryId: event.repositoryId ?? null,
    fullName: storable(event.fullName),
    number: pull?.number ?? null,
    headSha: pull?.headSha ?? null,
    reason: event.kind === "ignored" ? storable(event.reason) : null,
    payload: pull === undefined ? null : payloadOf(pull),
    key: keyOf(event),
  };
}

/** What is unique of a delivery. */
export function deliveryOf({ hookId, guid }: Pick<Arrival, "hookId" | "guid">): string {
  return `${hookId}/${guid}`;
}

/** What is answered for an event that is stored as a row of its own and no duplicate. */
export function storedAs(eventId: string, { event, reason }: Arrival): StoredEvent {
  if (event.kind === "ignored") return { status: "ignored", eventId, reason: reason ?? "" };
  return { status: "queued", eventId, repositoryId: event.repositoryId, action: event.action };
}

/** A base can change to and fro on one head: of such events each counts. So does each closing. */
function keyOf(event: WebhookEvent): string | undefined {
  if (event.kind !== "review" || event.action === "edited") return undefined;
  return [event.repositoryId, event.number, event.headSha, event.action].join("/");
}

/**
 * GitHub's payload, in its form, without what no job reads. The rest is nine tenths addresses, and the text of a pull
 * request that is asked for again when it is reviewed: to keep it, packed, would cost more than all else of a delivery.
 */
function payloadOf(event: Exclude<WebhookEvent, { kind: "ignored" }>): string {
  return JSON.stringify({
    action: event.action,
    ...(event.action === "edited" && { changes: { base: {} } }),
    repository: { id: event.repositoryId, full_name: event.fullName },
    pull_request: {
      number: event.number,
      draft: false,
      merged: event.kind === "close" && event.merged,
      head: { sha: event.headSha },
    },
  });
}

/** Of what is not GitHub's own: PostgreSQL takes no NUL and no half of a surrogate pair, and nobody reads on and on. */
function storable(text: string | undefined): string | null {
  return text?.slice(0, 256).replaceAll("\0", "").toWellFormed() ?? null;
}
