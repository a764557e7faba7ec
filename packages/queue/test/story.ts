import { randomBytes } from "node:crypto";
import { z } from "zod";
import type { Consumer, QueueConnection } from "../src/index.ts";
import type { ConsumerOptions, Handler, Queue } from "../src/queue.ts";

const payload = z.object({ n: z.number().int() });
export type Payload = z.infer<typeof payload>;

/** A queue that nobody else uses, on whichever server. */
export function newQueue(
  settings: Partial<Pick<Queue<Payload>, "attempts" | "backoffMs" | "name">> = {},
): Queue<Payload> {
  const name = `test-${randomBytes(6).toString("hex")}`;
  return { name, attempts: 3, backoffMs: 20, payload, jobId: ({ n }) => `job-${n}`, ...settings };
}

/** What a consumer and its jobs did, as it happened. */
export interface Story {
  /** `start 1`, `done 1`, `later 1`, `failed 1: message`, `failed 1 for good: message` */
  readonly lines: string[];
  readonly errors: Error[];
  readonly consumer: Consumer;
}

/** Starts a consumer that writes down what happens to its jobs, by the number that each carries. */
export function follow(
  queues: QueueConnection,
  queue: Queue<Payload>,
  handler: Handler<Payload>,
  options: Partial<ConsumerOptions<Payload>> = {},
): Story {
  const lines: string[] = [];
  const errors: Error[] = [];
  const consumer = queues.consumer(
    queue,
    async (job, context) => {
      lines.push(`start ${job.n}`);
      const outcome = await handler(job, context);
      lines.push(`${outcome.kind} ${job.n}`);
      return outcome;
    },
    {
      concurrency: 1,
      onError: (error) => void errors.push(error),
      onFailed: ({ n }, error, final) =>
        void lines.push(`failed ${n}${final ? " for good" : ""}: ${error.message}`),
      ...options,
    },
  );
  return { lines, errors, consumer };
}

export const done = { kind: "done" } as const;
export const later = (delayMs: number) => ({ kind: "later", delayMs, reason: "a test" }) as const;

/** Something that a test waits for, and then lets go. */
export function gate(): { readonly opened: Promise<void>; open(): void } {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { opened: promise, open: resolve };
}

/** Rejects when the signal is aborted, as an aborted request does. */
export function untilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const give = () => reject(signal.reason instanceof Error ? signal.reason : new Error("aborted"));
    if (signal.aborted) give();
    else signal.addEventListener("abort", give);
  });
}
