import {
  type Arrival,
  deliveryOf,
  identicalEvent,
  knownDelivery,
  storedAs,
  type StoredEvent,
} from "./arrival.ts";

/** What the database knows of one arrival. */
export interface Known {
  /** A new id, for the event's row. */
  readonly eventId: string;
  /** The event that the same delivery made before. */
  readonly delivered: { readonly eventId: string; readonly failed: boolean } | undefined;
  /** The event that holds the key; `free` where that no longer makes another one a duplicate. */
  readonly held: { readonly eventId: string; readonly free: boolean } | undefined;
}

/** What is to be done about one arrival of a batch. */
export type Step =
  /** Store it as a new row, with its key where it has one to itself. */
  | { readonly kind: "write"; readonly row: NewRow; readonly stored: StoredEvent }
  /** The same delivery is there: nothing to store. */
  | { readonly kind: "answer"; readonly stored: StoredEvent }
  /** Store it by itself, behind the batch: what becomes of it depends on what was there before. */
  | { readonly kind: "alone" };

export interface NewRow {
  readonly eventId: string;
  readonly arrival: Arrival;
  readonly duplicateOf: string | null;
  /** Taken with the row. */
  readonly key: string | null;
}

/** Whether no two are the same delivery, nor ask for the same thing. Then most often they are new in every respect. */
export function allDiffer(arrivals: readonly Arrival[]): boolean {
  const keys = arrivals.flatMap(({ key }) => key ?? []);
  return new Set(arrivals.map(deliveryOf)).size === arrivals.length && new Set(keys).size === keys.length;
}

/**
 * Decides for deliveries that arrived together what becomes of each, as if they had come one after another. Most are
 * new in every respect; what is known for a duplicate is one. What would take over from an earlier event goes alone,
 * and so does all that comes after it of the same pull request or delivery.
 * @param known of each arrival, in the same order, with ids that grow.
 */
export function planBatch(arrivals: readonly Arrival[], known: readonly Known[]): Step[] {
  const seen: Seen = { deliveries: new Map(), holders: new Map(), heads: new Map(), apart: new Set() };
  return arrivals.map((arrival, index) => {
    const facts = known[index];
    if (facts === undefined) throw new Error(`Nothing is known of the arrival ${index}`);
    return planOne(seen, arrival, facts, index);
  });
}

/** What came earlier in the batch. */
interface Seen {
  /** The event of each delivery; undefined where it goes alone, and has none yet. */
  readonly deliveries: Map<string, string | undefined>;
  readonly holders: Map<string, Holder>;
  /** Heads of each pull request, in their order. */
  readonly heads: Map<string, { readonly headSha: string | null; readonly index: number }[]>;
  /** Pull requests of which one goes alone. */
  readonly apart: Set<string>;
}

interface Holder {
  readonly eventId: string;
  readonly free: boolean;
  /** Its place in the batch; -1: before it. */
  readonly index: number;
}

function planOne(seen: Seen, arrival: Arrival, { eventId, delivered, held }: Known, index: number): Step {
  const delivery = deliveryOf(arrival);
  const pull = arrival.number === null ? undefined : `${arrival.repositoryId}/${arrival.number}`;
  const holder = findHolder(seen, arrival, held);

  const first = seen.deliveries.get(delivery) ?? (delivered?.failed ? undefined : delivered?.eventId);
  if (first !== undefined) {
    return { kind: "answer", stored: { status: "duplicate", eventId: first, reason: knownDelivery } };
  }
  const again = seen.deliveries.has(delivery) || delivered !== undefined;
  const behind = pull !== undefined && seen.apart.has(pull);
  if (again || behind || (holder !== undefined && isFree(seen, arrival, holder, pull))) {
    seen.deliveries.set(delivery, undefined);
    if (pull !== undefined) seen.apart.add(pull);
    return { kind: "alone" };
  }

  seen.deliveries.set(delivery, eventId);
  if (pull !== undefined) noteHead(seen, pull, { headSha: arrival.headSha, index });
  if (holder !== undefined) return duplicateOf(holder.eventId, eventId, arrival);
  const { key } = arrival;
  if (key !== undefined) seen.holders.set(key, { eventId, free: false, index });
  const row = { eventId, arrival, duplicateOf: null, key: key ?? null };
  return { kind: "write", row, stored: storedAs(eventId, arrival) };
}

function findHolder(seen: Seen, { key }: Arrival, held: Known["held"]): Holder | undefined {
  if (key === undefined) return undefined;
  return seen.holders.get(key) ?? (held && { ...held, index: -1 });
}

/** A head that comes back after another one counts again. */
function isFree(seen: Seen, { headSha }: Arrival, holder: Holder, pull: string | undefined): boolean {
  const heads = pull === undefined ? [] : (seen.heads.get(pull) ?? []);
  return holder.free || heads.some((head) => head.index > holder.index && head.headSha !== headSha);
}

function noteHead(seen: Seen, pull: string, head: { headSha: string | null; index: number }): void {
  const heads = seen.heads.get(pull);
  if (heads === undefined) seen.heads.set(pull, [head]);
  else heads.push(head);
}

function duplicateOf(first: string, eventId: string, arrival: Arrival): Step {
  const row = { eventId, arrival, duplicateOf: first, key: null };
  return {
    kind: "write",
    row,
    stored: { status: "duplicate", eventId: first, reason: identicalEvent },
  };
}
