import type { JobsOptions } from "bullmq";
import type { Backend, BullQueue } from "./backend.ts";
import { answerWithin } from "./deadline.ts";
import { jobIdOf, parsePayload } from "./payload.ts";
import type { Producer, Queue, QueueSettings } from "./queue.ts";

/** The caller's own answer (a webhook's, say) must not wait longer than this for the queue. */
const answerLimitMs = 5_000;
const maxPriority = 2_097_151;

/** States of a job that exists and never runs; `unknown` is one that is in no list, if there is one. */
const nobodyServes: ReadonlySet<string> = new Set(["failed", "completed", "unknown"]);

/** What holds for every job of a queue. */
export function jobOptionsOf({ attempts, backoffMs }: QueueSettings): JobsOptions {
  return {
    attempts,
    backoff: { type: "exponential", delay: backoffMs, jitter: 0.5 },
    // The row in the database is the truth, and the same id must be free again.
    removeOnComplete: true,
    removeOnFail: true,
    stackTraceLimit: 0,
  };
}

/** Adds jobs to `queue` by way of `bull`, which was opened with {@link jobOptionsOf} it. */
export function createProducer<P>(backend: Backend, bull: BullQueue, queue: Queue<P>): Producer<P> {
  const ask = <T>(question: () => Promise<T>): Promise<T> => {
    backend.requireConnection();
    return answerWithin(answerLimitMs, question());
  };

  return {
    async add(payload, { priority = 0, delayMs = 0 } = {}) {
      const data = parsePayload(queue, payload);
      const options = {
        jobId: jobIdOf(queue, data),
        priority: Math.min(priority, maxPriority),
        delay: Math.ceil(delayMs),
      };
      await ask(() => bull.add(queue.name, data, options));
    },

    async every(ms, payload) {
      const data = parsePayload(queue, payload);
      const id = jobIdOf(queue, data);
      await ask(() => bull.upsertJobScheduler(id, { every: ms }, { name: queue.name, data }));
    },

    async counts() {
      const states = ["waiting", "prioritized", "active", "delayed", "failed"] as const;
      const counts = await ask(() => bull.getJobCounts(...states));
      const { waiting = 0, prioritized = 0, active = 0, delayed = 0, failed = 0 } = counts;
      return { waiting: waiting + prioritized, active, delayed, failed };
    },

    async remove(payload) {
      const id = jobIdOf(queue, parsePayload(queue, payload));
      await ask(() => bull.remove(id));
    },

    async removeStray(payload) {
      const id = jobIdOf(queue, parsePayload(queue, payload));
      const state = await ask(() => bull.getJobState(id));
      if (nobodyServes.has(state)) await ask(() => bull.remove(id));
    },
  };
}
