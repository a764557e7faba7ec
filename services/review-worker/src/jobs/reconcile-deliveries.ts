import type { RepositoryClient } from "@nectr/accounts";
import type { Db } from "@nectr/db";
import {
  GitHubError,
  GitHubInvalid,
  GitHubNotFound,
  GitHubRateLimited,
  isDoubtful,
  listFailedDeliveries,
  redeliverWebhook,
  withSignal,
} from "@nectr/github";
import {
  countAsked,
  findKnownDeliveries,
  forgetAsked,
  type HookedRepository,
  lastHeard,
  noteAsked,
} from "../reconciliation-store.ts";
import { refOf } from "../repository-access.ts";
import {
  decideRedeliveries,
  type MissingDelivery,
  mostAttempts,
  type RedeliveryDecision,
} from "./decide-redeliveries.ts";

/** How much of what GitHub allows a user is taken for this. */
export interface ReconciliationLimits {
  /** Requests of the hour that are left to everything else. */
  readonly reserve: number;
  /** Redeliveries in an hour, by all workers: half of GitHub's 500 writes. */
  readonly asksAnHour: number;
  /** In one turn, so that one repository does not keep the others waiting. */
  readonly asksATurn: number;
  /** How long a redelivery may take to arrive. */
  readonly settleMs: number;
}

/** What a look at GitHub's deliveries came to. */
export interface DeliveriesTurn extends RedeliveryDecision {
  readonly asked: number;
  /** Not asked for yet, for want of room: in this turn, or in this hour. */
  readonly postponed: "turn" | "hour" | undefined;
}

/** How long a user for whom GitHub has no answer may keep others waiting. */
const longestListingMs = 30_000;
/** GitHub keeps deliveries for so long. */
const keptMs = 3 * 24 * 3_600_000;

/**
 * Holds GitHub's failed deliveries against the events that are here, and asks for what is missing. It can die anywhere
 * and be done again.
 * @throws GitHubRateLimited where the user's requests are needed for reviews; and whatever GitHub refuses.
 */
export async function reconcileDeliveries(
  deps: {
    readonly db: Db;
    readonly limits: ReconciliationLimits;
    readonly now: Date;
  },
  { client, userId }: Pick<RepositoryClient, "client" | "userId">,
  repository: HookedRepository,
): Promise<DeliveriesTurn> {
  const { db, limits, now } = deps;
  const { hookId, connectedAt, cursor = connectedAt } = repository;
  const since = new Date(Math.max(now.getTime() - keptMs, connectedAt.getTime(), cursor.getTime()));
  const ref = refOf(repository.fullName);
  const patient = withSignal(client, AbortSignal.timeout(longestListingMs));
  const { failed, allowance } = await listFailedDeliveries(patient, ref, hookId, { since });
  const spare = allowance === undefined ? Infinity : allowance.remaining - limits.reserve;
  if (allowance !== undefined && spare < 0) {
    throw new GitHubRateLimited("The user's other requests are kept for reviews", allowance.resetAt);
  }
  const decision = decideRedeliveries({
    failed,
    known: await findKnownDeliveries(db, hookId, [...new Set(failed.map(({ guid }) => guid))]),
    heardAt: await lastHeard(db, repository),
    now,
    settleMs: limits.settleMs,
  });
  const hour = decision.ask.length === 0 ? 0 : limits.asksAnHour - (await countAsked(db, userId));
  const room = Math.max(0, Math.min(hour, spare, limits.asksATurn));
  const asking = decision.ask.slice(0, room);
  for (const delivery of asking) await askFor(delivery);
  const postponed =
    decision.ask.length === asking.length ? undefined : room < limits.asksATurn ? "hour" : "turn";
  return { ...decision, asked: asking.length, postponed };

  async function askFor(delivery: MissingDelivery): Promise<void> {
    // What only shows whether the receiver hears is not held against the delivery.
    const attempts = (delivery.asked?.attempts ?? 0) + (decision.probe ? 0 : 1);
    await noteAsked(db, repository, delivery, { userId, attempts });
    try {
      await redeliverWebhook(client, ref, hookId, delivery.id);
    } catch (error) {
      if (error instanceof GitHubNotFound || error instanceof GitHubInvalid) {
        // GitHub has it no longer: what it told of, the look at the pull requests finds.
        return await noteAsked(db, repository, delivery, { userId, attempts: mostAttempts });
      }
      if (error instanceof GitHubError && !isDoubtful(error)) {
        await forgetAsked(db, repository, delivery.guid, delivery.asked);
      }
      throw error;
    }
  }
}
