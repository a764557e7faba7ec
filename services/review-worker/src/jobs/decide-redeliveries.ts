import type { FailedDelivery } from "@nectr/github";

/** What is known of a delivery's GUID. */
export interface KnownDelivery {
  readonly guid: string;
  /** The event that it made here; undefined where it never arrived. */
  readonly stored: { readonly failed: boolean; readonly finishedAt: Date | null } | undefined;
  /** How GitHub was asked for it before. */
  readonly asked: Asked | undefined;
}

export interface Asked {
  /** While the receiver was known to hear. */
  readonly attempts: number;
  readonly at: Date;
}

/** A delivery that is not here. */
export interface MissingDelivery {
  readonly guid: string;
  /** Of its latest attempt: what GitHub takes to deliver again. */
  readonly id: number;
  /** When it failed first, as far as GitHub's list goes. */
  readonly deliveredAt: Date;
  readonly asked: Asked | undefined;
}

export interface HookRecord {
  readonly failed: readonly FailedDelivery[];
  readonly known: readonly KnownDelivery[];
  /** When something last arrived from this hook. */
  readonly heardAt: Date | undefined;
  readonly now: Date;
  /** How long a redelivery may take to arrive. */
  readonly settleMs: number;
}

export interface RedeliveryDecision {
  /** Oldest first. */
  readonly missing: readonly MissingDelivery[];
  /** Those of them to ask for now. */
  readonly ask: readonly MissingDelivery[];
  /** Whether that is to find out if the receiver hears at all: then it is one, and is not held against it. */
  readonly probe: boolean;
  /** Something was asked for a short while ago, and may be on its way. Undefined where nothing is. */
  readonly awaitedSince: Date | undefined;
  /** Not asked for again: it was, often enough, and others arrived meanwhile. */
  readonly givenUp: number;
}

/** How often a delivery is asked for that does not arrive though others do. */
export const mostAttempts = 6;
const firstPauseMs = 10 * 60_000;

/**
 * Which deliveries to ask GitHub for again: those that failed and are not here, or whose event failed for good before
 * GitHub could tell that it arrived. A receiver from which nothing was heard since its last failure may still be away: it
 * is asked to take one, and the others follow when that one has arrived.
 */
export function decideRedeliveries(record: HookRecord): RedeliveryDecision {
  const { heardAt, now, settleMs } = record;
  const absent = absentOf(record);
  const missing = absent.filter(({ asked }) => asked === undefined || asked.attempts < mostAttempts);
  const givenUp = absent.length - missing.length;
  const waiting = { missing, ask: [], probe: false, awaitedSince: undefined, givenUp };
  if (missing.length === 0) return waiting;

  const asks = missing.flatMap(({ asked }) => asked?.at.getTime() ?? []);
  const lastAsk = Math.max(...asks);
  const lastFailure = Math.max(...record.failed.map(({ deliveredAt }) => deliveredAt.getTime()));
  const heard = heardAt?.getTime() ?? -Infinity;
  if (heard >= Math.max(lastAsk, lastFailure)) {
    return { ...waiting, ask: missing.filter((delivery) => isDue(delivery, now)) };
  }
  if (heard < lastAsk && now.getTime() - lastAsk < settleMs) {
    return { ...waiting, awaitedSince: new Date(lastAsk) };
  }
  // Each in its turn, so that one that is refused for its own sake keeps no other one back.
  const [probed] = missing.toSorted(
    (a, b) => (a.asked?.at.getTime() ?? 0) - (b.asked?.at.getTime() ?? 0) || byTime(a, b),
  );
  return { ...waiting, ask: probed === undefined ? [] : [probed], probe: true };
}

function absentOf({ failed, known }: HookRecord): MissingDelivery[] {
  const knownOf = new Map(known.map((delivery) => [delivery.guid, delivery]));
  const latestOf = new Map<string, MissingDelivery>();
  for (const { guid, id, event, deliveredAt } of failed.toSorted(byTime)) {
    // A ping carries nothing.
    if (event === "ping" || isHere(knownOf.get(guid))) continue;
    const first = latestOf.get(guid)?.deliveredAt ?? deliveredAt;
    latestOf.set(guid, { guid, id, deliveredAt: first, asked: knownOf.get(guid)?.asked });
  }
  return [...latestOf.values()];
}

function isHere(delivery: KnownDelivery | undefined): boolean {
  if (delivery?.stored === undefined) return false;
  const { stored, asked } = delivery;
  // One that failed, was delivered again for that, and failed again, has had its turn.
  const again = asked !== undefined && stored.finishedAt !== null && stored.finishedAt > asked.at;
  return !stored.failed || again;
}

/** The pause doubles with each attempt. */
function isDue({ asked }: MissingDelivery, now: Date): boolean {
  if (asked === undefined) return true;
  return now.getTime() - asked.at.getTime() >= firstPauseMs * 2 ** Math.max(0, asked.attempts - 1);
}

function byTime(a: { readonly deliveredAt: Date }, b: { readonly deliveredAt: Date }): number {
  return a.deliveredAt.getTime() - b.deliveredAt.getTime();
}
