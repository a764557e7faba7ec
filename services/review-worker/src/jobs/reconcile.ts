import type { AccountsDeps } from "@nectr/accounts";
import type { Db } from "@nectr/db";
import { GitHubUnauthorized, withSignal } from "@nectr/github";
import type { Logger } from "@nectr/service";
import {
  type HookedRepository,
  listDueRepositories,
  noteArrivals,
  saveTurn,
  withReconciliationLock,
} from "../reconciliation-store.ts";
import { isRefusal } from "../repository-access.ts";
import type { UnfinishedEvent } from "../sweep-store.ts";
import { aboutAnHour, isQuiet, pauseAfter, type ReconcileOutcome, troubleOf } from "./decide-next-turn.ts";
import { pollRepository } from "./poll-repository.ts";
import {
  type DeliveriesTurn,
  reconcileDeliveries,
  type ReconciliationLimits,
} from "./reconcile-deliveries.ts";
import { createUnhurriedAccess } from "./unhurried-access.ts";

export interface ReconcileDeps {
  readonly db: Db;
  readonly accounts: AccountsDeps;
  readonly logger: Logger;
  readonly enqueue: (events: readonly UnfinishedEvent[]) => Promise<void>;
  /** Told of each repository's turn, for metrics. */
  readonly onTurn: (outcome: ReconcileOutcome) => void;
  /** Told of events that came after all, and by what, for metrics. */
  readonly onRecovered: (by: "redelivery" | "poll", events: number) => void;
  readonly limits?: Partial<ReconciliationLimits>;
  readonly now?: () => Date;
}

/** Gives each repository that is due its turn. */
export type Reconcile = (signal: AbortSignal) => Promise<void>;

const usualLimits: ReconciliationLimits = {
  reserve: 1_000,
  asksAnHour: 250,
  asksATurn: 50,
  settleMs: 60_000,
};
/** Repositories at once. */
const atOnce = 2;
/** GitHub lists a delivery once it has ended, under the time at which it began; and clocks differ. */
const listingLagMs = 5 * 60_000;
const longestLookMs = 30_000;

/**
 * What GitHub could not deliver is asked for again, and what no delivery told of is looked for: the heads of open pull
 * requests. One worker at a time does it, however many there are.
 */
export function createReconcile(deps: ReconcileDeps): Reconcile {
  const { db, accounts, logger, now = () => new Date() } = deps;
  const limits = { ...usualLimits, ...deps.limits };
  const access = createUnhurriedAccess(accounts, now);
  const troubled = new Map<number, ReconcileOutcome>();
  let underWay = false;

  async function reconcileAll(stop: AbortSignal): Promise<void> {
    const lostBefore = new Date(now().getTime() - limits.settleMs);
    for (const { fullName, deliveries } of await noteArrivals(db, lostBefore)) {
      deps.onRecovered("redelivery", deliveries);
      logger.info({ repository: fullName, deliveries }, "deliveries recovered");
    }
    const due = await listDueRepositories(db);
    const worker = async (): Promise<void> => {
      for (let next = due.shift(); next !== undefined; next = due.shift()) {
        await takeTurn(next, stop);
      }
    };
    // None goes on when the lock is given back.
    const ends = await Promise.allSettled(Array.from({ length: atOnce }, worker));
    for (const end of ends) if (end.status === "rejected") throw end.reason;
  }

  /** What fails here is this repository's trouble alone. */
  async function takeTurn(repository: HookedRepository, stop: AbortSignal): Promise<void> {
    const end = async (outcome: ReconcileOutcome, turn: { cursor?: Date; nextInMs: number }) => {
      await saveTurn(db, repository, { ...turn, complete: outcome === "complete" });
      if (outcome === "complete" || outcome === "waiting") troubled.delete(repository.id);
      deps.onTurn(outcome);
    };
    try {
      const deliveries = await lookAtDeliveries(repository, stop);
      if (deliveries === undefined || isQuiet(deliveries)) await lookAtPulls(repository, stop);
      if (deliveries === undefined) return await end("refused", { nextInMs: aboutAnHour() });
      if (deliveries.givenUp > 0) {
        const lost = { repository: repository.fullName, deliveries: deliveries.givenUp };
        logger.warn(lost, "deliveries that do not arrive however often GitHub is asked for them");
      }
      const [oldest] = deliveries.missing;
      const cursor = oldest?.deliveredAt ?? new Date(now().getTime() - listingLagMs);
      const nextInMs = pauseAfter(deliveries, { settleMs: limits.settleMs, now: now() });
      await end(oldest === undefined ? "complete" : "waiting", { cursor, nextInMs });
    } catch (error) {
      stop.throwIfAborted();
      const { outcome, nextInMs } = troubleOf(error, now());
      noteTrouble(repository, outcome, error);
      await end(outcome, { nextInMs });
    }
  }

  /** Undefined where it takes an admin, and nobody who is connected is one. */
  async function lookAtDeliveries(
    repository: HookedRepository,
    stop: AbortSignal,
  ): Promise<DeliveriesTurn | undefined> {
    try {
      const turn = { db, limits, now: now() };
      return await access(repository, stop, (account) => reconcileDeliveries(turn, account, repository));
    } catch (error) {
      if (!isRefusal(error) || error instanceof GitHubUnauthorized) throw error;
      noteTrouble(repository, "refused", error);
      return undefined;
    }
  }

  async function lookAtPulls(repository: HookedRepository, stop: AbortSignal): Promise<void> {
    const quietSince = new Date(now().getTime() - listingLagMs);
    const events = await access(repository, stop, ({ client }) => {
      const limited = withSignal(client, AbortSignal.timeout(longestLookMs));
      return pollRepository(db, limited, repository, { quietSince });
    });
    if (events.length === 0) return;
    await deps.enqueue(events);
    deps.onRecovered("poll", events.length);
    const found = { repository: repository.fullName, events: events.length };
    logger.info(found, "events found that no delivery told of");
  }

  /** Logged once, until it is over. */
  function noteTrouble({ id, fullName }: HookedRepository, outcome: ReconcileOutcome, err: unknown): void {
    if (troubled.get(id) === outcome) return;
    troubled.set(id, outcome);
    logger.warn({ err, repository: fullName, outcome }, "what GitHub could not deliver can't be asked for");
  }

  return async (signal) => {
    if (underWay) return;
    underWay = true;
    try {
      await withReconciliationLock(accounts.locks, () => reconcileAll(signal));
    } finally {
      underWay = false;
    }
  };
}
