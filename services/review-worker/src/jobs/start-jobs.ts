import { type Consumer, indexQueue, maintenanceQueue, type QueueConnection, reviewQueue } from "@nectr/queue";
import type { Metrics } from "@nectr/service";
import type { Config } from "../config.ts";
import { endEvent } from "../event-store.ts";
import type { ReviewDeps } from "../worker-deps.ts";
import { noteClosedPullRequest } from "./close.ts";
import { maintain } from "./maintenance.ts";
import { reviewEvent } from "./review.ts";

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
  readonly config: Pick<Config, "concurrency" | "lockSeconds" | "sweepSeconds">;
  readonly queues: QueueConnection;
  readonly metrics: Metrics;
  readonly review: Omit<ReviewDeps, "onReview">;
}): Jobs {
  const { config, queues } = deps;
  const { db, logger } = deps.review;
  const review: ReviewDeps = { ...deps.review, onReview: countReviews(deps.metrics) };
  const shared = {
    lockMs: config.lockSeconds * 1_000,
    onError: (error: Error) => logger.error({ err: error }, "queue"),
  };
  const failEventForGood = async ({ eventId }: { eventId: string }, error: Error, final: boolean) => {
    logger.error({ err: error, eventId, final }, "job failed");
    if (final) await endEvent(db, eventId, { status: "failed", error });
  };

  const consumers: Consumer[] = [
    queues.consumer(reviewQueue, (payload, job) => reviewEvent(review, payload, job), {
      ...shared,
      concurrency: config.concurrency,
      onFailed: failEventForGood,
    }),
    queues.consumer(indexQueue, (payload) => noteClosedPullRequest(db, payload), {
      ...shared,
      concurrency: 2,
      onFailed: failEventForGood,
    }),
    queues.consumer(maintenanceQueue, (payload) => maintain({ db, queues, logger }, payload), {
      ...shared,
      concurrency: 1,
      onFailed: ({ task }, error) => logger.error({ err: error, task }, "maintenance failed"),
    }),
  ];
  // Again and again: a queue that lost its data has lost what would mend that, too.
  const maintenance = queues.producer(maintenanceQueue);
  const schedule = async (): Promise<void> => {
    await maintenance.every(config.sweepSeconds * 1_000, { task: "sweep" });
    await maintenance.every(hourMs, { task: "retention" });
  };
  const beginSchedule = () => void schedule().catch(shared.onError);
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

function countReviews(metrics: Metrics): ReviewDeps["onReview"] {
  const reviews = metrics.counter({
    name: "reviews_total",
    help: "Reviews by their end",
    labels: ["outcome"],
  });
  const seconds = metrics.histogram({
    name: "review_duration_seconds",
    help: "Seconds from the claim of a pull request to its posted review",
    buckets: [1, 2, 5, 10, 20, 30, 60, 120, 300, 600],
  });
  return (outcome, duration) => {
    reviews.inc({ outcome });
    if (outcome === "posted") seconds.observe(duration);
  };
}
