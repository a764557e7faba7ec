import { ping, requestReconciliation } from "@nectr/db";
import { type Consumer, indexQueue, maintenanceQueue, type QueueConnection, reviewQueue } from "@nectr/queue";
import type { Metrics } from "@nectr/service";
import type { Config } from "../config.ts";
import type { UnfinishedEvent } from "../sweep-store.ts";
import type { ReviewDeps } from "../worker-deps.ts";
import { noteClosedPullRequest } from "./close.ts";
import { enqueueEvents } from "./enqueue-events.ts";
import { reportFailure } from "../stages/status.ts";
import { failEvent } from "./fail-event.ts";
import { countModelCalls, countPolls, countReconciliations, countReviews } from "./job-metrics.ts";
import { maintain } from "./maintenance.ts";
import { createPoll } from "./poll.ts";
import { createReconcile } from "./reconcile.ts";
import { reviewEvent } from "./review.ts";
import { createTurns } from "./turns.ts";

export interface Jobs {
  /** @throws Error where a consumer has stopped taking jobs. */
  check(): void;
  /** Takes no more jobs; what runs is finished, or handed back. */
  stop(): Promise<void>;
}

/**
 * A review takes longer than anybody waits for a stop. What is not done by then is handed back, and goes on from its
 * last checkpoint in another worker.
 */
const stopGraceMs = 5_000;
const hourMs = 3_600_000;

/** Begins to take jobs from every queue. */
export function startJobs(deps: {
  readonly config: Pick<
    Config,
    "concurrency" | "bounds" | "settleSeconds" | "lockSeconds" | "sweepSeconds" | "pollSeconds"
  >;
  readonly queues: QueueConnection;
  readonly metrics: Metrics;
  readonly review: Omit<ReviewDeps, "turns" | "onReview" | "onModelCall">;
}): Jobs {
  const { config, queues } = deps;
  const { accounts, db, logger } = deps.review;
  const enqueue = (events: readonly UnfinishedEvent[]) => enqueueEvents({ db, queues }, events);
  const turns = createTurns({
    db,
    bounds: config.bounds,
    settleSeconds: config.settleSeconds,
    leaseSeconds: config.lockSeconds,
    enqueue,
    onError: (error) => logger.warn({ err: error }, "a place of a review could not be looked after"),
  });
  const review: ReviewDeps = {
    ...deps.review,
    turns,
    onReview: countReviews(deps.metrics),
    onModelCall: countModelCalls(deps.metrics),
  };
  const shared = {
    lockMs: config.lockSeconds * 1_000,
    onError: (error: Error) => logger.error({ err: error }, "queue"),
  };
  const onFailed = (payload: { eventId: string }, error: Error, final: boolean) =>
    failEvent({ db, logger }, payload, error, final);
  const intervalMs = config.pollSeconds * 1_000;
  const poll = createPoll({
    db,
    accounts,
    logger,
    intervalMs,
    onPoll: countPolls(deps.metrics),
  });

  const reconcile = createReconcile({
    db,
    accounts,
    logger,
    enqueue,
    ...countReconciliations(deps.metrics),
  });

  const unreadable = deps.metrics.gauge({
    name: "unreadable_secrets",
    help: "Stored tokens and webhook secrets that no key of SECRET_KEY opens",
  });
  const maintenanceDeps = {
    db,
    queues,
    logger,
    accounts,
    releaseHeld: (limit: number) => turns.release(limit),
    poll,
    reconcile,
    onUnreadable: (count: number) => unreadable.set(count),
  };

  const consumers: Consumer[] = [
    queues.consumer(reviewQueue, (payload, job) => reviewEvent(review, payload, job), {
      ...shared,
      concurrency: config.concurrency,
      onFailed: async (payload, error, final) => {
        await onFailed(payload, error, final);
        if (final) await reportFailure({ db, accounts, logger }, payload.eventId);
      },
      onCompleted: ({ eventId }) => turns.onJobGone(eventId),
    }),
    queues.consumer(indexQueue, (payload) => noteClosedPullRequest(db, payload), {
      ...shared,
      concurrency: 2,
      onFailed,
    }),
    queues.consumer(maintenanceQueue, (payload, job) => maintain(maintenanceDeps, payload, job), {
      ...shared,
      // The sweep must not wait behind a poll or a reconciliation that waits for GitHub.
      concurrency: 4,
      onFailed: ({ task }, error) => logger.error({ err: error, task }, "maintenance failed"),
    }),
  ];
  // Again and again: a queue that lost its data has lost what would mend that, too.
  const maintenance = queues.producer(maintenanceQueue);
  let begun = false;
  const schedule = async (): Promise<void> => {
    await ping(db);
    // After an absence, be it this worker's or the database's, deliveries may have failed.
    if (!begun) await requestReconciliation(db);
    await maintenance.every(config.sweepSeconds * 1_000, { task: "sweep" });
    await maintenance.every(intervalMs, { task: "poll" });
    await maintenance.every(hourMs, { task: "retention" });
    await maintenance.every(hourMs, { task: "keys" });
    await maintenance.every(config.sweepSeconds * 1_000, { task: "reconcile" });
    // A key is changed by a restart.
    if (!begun) await maintenance.add({ task: "keys" });
    begun = true;
  };
  const beginSchedule = () =>
    void schedule().catch((error: Error) => {
      begun = false;
      shared.onError(error);
    });
  const timer = setInterval(beginSchedule, config.sweepSeconds * 1_000);
  beginSchedule();

  return {
    check() {
      if (!consumers.every((consumer) => consumer.running)) throw new Error("a consumer has stopped");
    },
    async stop() {
      clearInterval(timer);
      await Promise.all(consumers.map((consumer) => consumer.stop(stopGraceMs)));
    },
  };
}
