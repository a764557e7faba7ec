import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { afterEach, beforeEach, expect, test } from "vitest";
import { z } from "zod";
import {
  connectQueues,
  LockLostError,
  PayloadError,
  StoppedError,
  type QueueConnection,
} from "../src/index.ts";
import { connectPostgres } from "../src/postgres-backend.ts";
import { connectRedis } from "../src/redis-backend.ts";
import { done, follow, gate, later, newQueue, untilAborted, type Payload } from "./story.ts";

/** Where the jobs are; without `redisUrl`, in the database. */
export interface Place {
  readonly redisUrl?: string | undefined;
  readonly databaseUrl: string;
}

const deadConsumer = new URL("fixtures/dying-consumer.ts", import.meta.url);

/** What holds on either backend. */
export function queueContract(place: () => Place): void {
  let open: AsyncDisposableStack;
  let errors: Error[];
  let queues: QueueConnection;

  const connect = async () =>
    open.use(await connectQueues({ ...place(), onError: (error) => void errors.push(error) }));

  beforeEach(async () => {
    open = new AsyncDisposableStack();
    errors = [];
    queues = await connect();
  });
  afterEach(async () => {
    await open.disposeAsync();
    expect(errors).toEqual([]);
  });

  const isEmpty = { waiting: 0, active: 0, delayed: 0, failed: 0 };

  test("every job is delivered once, and nothing is left of it", async () => {
    const queue = newQueue();
    const producer = queues.producer(queue);
    const numbers = Array.from({ length: 40 }, (_, n) => n);
    await Promise.all(numbers.map((n) => producer.add({ n })));
    expect(await producer.counts()).toEqual({ ...isEmpty, waiting: 40 });

    const completed: number[] = [];
    const other = await connect();
    const onCompleted = ({ n }: Payload) => void completed.push(n);
    const stories = [queues, other].map((from) =>
      follow(from, queue, async () => done, { concurrency: 5, onCompleted }),
    );
    await expect.poll(() => completed.length).toBe(40);
    await expect.poll(() => producer.counts()).toEqual(isEmpty);
    const lines = stories.flatMap((story) => story.lines);
    expect(lines.toSorted()).toEqual(numbers.flatMap((n) => [`start ${n}`, `done ${n}`]).toSorted());
  });

  test("a job exists once while it waits or runs, and may be added again when it is done or failed", async () => {
    const queue = newQueue({ attempts: 1 });
    const producer = queues.producer(queue);
    await producer.add({ n: 1 });
    await producer.add({ n: 1 });
    expect((await producer.counts()).waiting).toBe(1);

    const release = gate();
    let runs = 0;
    const { lines } = follow(queues, queue, async () => {
      runs += 1;
      if (runs === 1) await release.opened;
      if (runs === 2) throw new Error("no");
      return done;
    });
    await expect.poll(() => lines).toEqual(["start 1"]);
    await producer.add({ n: 1 });
    release.open();
    await expect.poll(() => producer.counts()).toEqual(isEmpty);
    expect(lines).toEqual(["start 1", "done 1"]);

    await producer.add({ n: 1 });
    await expect.poll(() => producer.counts()).toEqual(isEmpty);
    await producer.add({ n: 1 });
    await expect
      .poll(() => lines)
      .toEqual(["start 1", "done 1", "start 1", "failed 1 for good: no", "start 1", "done 1"]);
  });

  test("a failing job is tried again after growing waits, and then fails for good", async () => {
    const queue = newQueue({ attempts: 3, backoffMs: 200 });
    const starts: number[] = [];
    const attempts: unknown[] = [];
    const { lines } = follow(queues, queue, async (_payload, { attempt, lastAttempt }) => {
      starts.push(performance.now());
      attempts.push([attempt, lastAttempt]);
      throw new Error("broken");
    });
    const producer = queues.producer(queue);
    await producer.add({ n: 1 });
    await expect
      .poll(() => lines.filter((line) => line.startsWith("failed")))
      .toEqual(["failed 1: broken", "failed 1: broken", "failed 1 for good: broken"]);
    expect(attempts).toEqual([
      [1, false],
      [2, false],
      [3, true],
    ]);
    const [first = 0, second = 0, third = 0] = starts;
    // Half of the wait at least; the other half is left to chance.
    expect(second - first).toBeGreaterThanOrEqual(95);
    expect(third - second).toBeGreaterThanOrEqual(190);
    await expect.poll(() => producer.counts()).toEqual(isEmpty);
  });

  test("a job that fails once and then succeeds is not failed for good", async () => {
    const queue = newQueue();
    const { lines } = follow(queues, queue, async (_payload, { attempt }) => {
      if (attempt === 1) throw new Error("not yet");
      return done;
    });
    await queues.producer(queue).add({ n: 1 });
    await expect.poll(() => lines).toEqual(["start 1", "failed 1: not yet", "start 1", "done 1"]);
  });

  test("later parks a job: others run meanwhile, and it costs no attempt", async () => {
    const queue = newQueue({ attempts: 1 });
    const attempts: number[] = [];
    let parked = 0;
    const { lines } = follow(queues, queue, async ({ n }, { attempt, lastAttempt }) => {
      if (n !== 1) return done;
      attempts.push(attempt);
      expect(lastAttempt).toBe(true);
      parked += 1;
      return parked <= 3 || !lines.includes("done 2") ? later(150.25) : done;
    });
    const producer = queues.producer(queue);
    await producer.add({ n: 1 });
    await expect.poll(() => lines.length).toBeGreaterThanOrEqual(2);
    await producer.add({ n: 2 });
    await expect.poll(() => lines).toContain("done 1");
    expect(parked).toBeGreaterThan(3);
    expect(lines.filter((line) => line === "later 1")).toHaveLength(parked - 1);
    expect(new Set(attempts)).toEqual(new Set([1]));
  });

  test("a delayed job waits its time, and can be removed", async () => {
    const queue = newQueue();
    const producer = queues.producer(queue);
    const added = performance.now();
    await producer.add({ n: 1 }, { delayMs: 300.5 });
    await producer.add({ n: 2 }, { delayMs: 300 });
    await producer.remove({ n: 2 });
    await producer.remove({ n: 3 });
    expect(await producer.counts()).toEqual({ ...isEmpty, delayed: 1 });
    const { lines } = follow(queues, queue, async () => done);
    await expect.poll(() => lines).toEqual(["start 1", "done 1"]);
    expect(performance.now() - added).toBeGreaterThanOrEqual(290);
    await expect.poll(() => producer.counts()).toEqual(isEmpty);
  });

  test("what is left of a job that nobody serves can be removed, and stops its successor no more", async () => {
    const queue = newQueue({ attempts: 1 });
    const producer = queues.producer(queue);
    // As another version may add it, to be kept when it failed.
    const { redisUrl, databaseUrl } = place();
    const backend = await (redisUrl
      ? connectRedis(redisUrl, () => {})
      : connectPostgres(databaseUrl, () => {}));
    open.defer(() => backend.close());
    const other = backend.openQueue(queue.name, { attempts: 1 });
    for (const n of [1, 2])
      await other.add(queue.name, { n }, { jobId: queue.jobId({ n }), delay: n === 2 ? 60_000 : 0 });
    let broken = true;
    const { lines } = follow(queues, queue, async () => {
      if (broken) throw new Error("broken");
      return done;
    });
    await expect.poll(() => producer.counts()).toEqual({ ...isEmpty, failed: 1, delayed: 1 });
    broken = false;
    await producer.add({ n: 1 });
    expect((await producer.counts()).failed).toBe(1);

    for (const n of [1, 2, 3]) await producer.removeStray({ n });
    for (const n of [1, 2]) await producer.add({ n });
    await expect.poll(() => lines).toEqual(["start 1", "failed 1 for good: broken", "start 1", "done 1"]);
    // What is parked was left as it is.
    await expect.poll(() => producer.counts()).toEqual({ ...isEmpty, delayed: 1 });
    await other.close();
  });

  test("priority 0 goes first, then 1, and larger ones wait longer", async () => {
    const queue = newQueue();
    const producer = queues.producer(queue);
    for (const priority of [5, 1, 3, 0, 2, 9_999_999]) await producer.add({ n: priority }, { priority });
    const { lines } = follow(queues, queue, async () => done);
    await expect.poll(() => lines).toHaveLength(12);
    expect(lines.filter((line) => line.startsWith("start"))).toEqual(
      [0, 1, 2, 3, 5, 9_999_999].map((n) => `start ${n}`),
    );
  });

  test("no more jobs run at a time than the concurrency allows, and as many as it allows", async () => {
    const queue = newQueue();
    const producer = queues.producer(queue);
    for (let n = 0; n < 7; n++) await producer.add({ n });
    const release = gate();
    let active = 0;
    let most = 0;
    const { lines } = follow(
      queues,
      queue,
      async () => {
        active += 1;
        most = Math.max(most, active);
        await release.opened;
        active -= 1;
        return done;
      },
      { concurrency: 3 },
    );
    await expect.poll(() => active).toBe(3);
    expect(await producer.counts()).toEqual({ ...isEmpty, active: 3, waiting: 4 });
    release.open();
    await expect.poll(() => lines).toHaveLength(14);
    expect(most).toBe(3);
  });

  test("the job of a killed process runs again in another, once its lock ran out", async () => {
    const queue = newQueue({ attempts: 1 });
    await queues.producer(queue).add({ n: 1 });
    const child = fork(deadConsumer, [], { stdio: "inherit" });
    open.defer(() => void child.kill("SIGKILL"));
    child.send({ ...place(), name: queue.name, lockMs: 500 });
    expect(await nextMessage(child)).toEqual({ took: 1 });

    const { lines, consumer } = follow(queues, queue, async () => done, { lockMs: 500 });
    const running = consumer.running;
    child.kill("SIGKILL");
    await expect.poll(() => lines).toEqual(["start 1", "done 1"]);
    expect(running).toBe(true);
  });

  test("a job that brought down one worker after another fails for good, and is told", async () => {
    const queue = newQueue({ attempts: 1 });
    await queues.producer(queue).add({ n: 1 });
    for (let dead = 0; dead < 6; dead++) {
      const child = fork(deadConsumer, [], { stdio: "inherit" });
      open.defer(() => void child.kill("SIGKILL"));
      child.send({ ...place(), name: queue.name, lockMs: 1_000, stalledIntervalMs: 200 });
      expect(await nextMessage(child)).toEqual({ took: 1 });
      child.kill("SIGKILL");
    }
    const { lines } = follow(queues, queue, async () => done, { lockMs: 200 });
    await expect.poll(() => lines).toEqual(["failed 1 for good: job stalled more than allowable limit"]);
    await expect.poll(() => queues.producer(queue).counts()).toEqual(isEmpty);
  });

  test("a handler that lost its lock is told, and its failure is not the job's", async () => {
    const queue = newQueue({ attempts: 1 });
    await queues.producer(queue).add({ n: 1 });
    const reasons: unknown[] = [];
    const lost = gate();
    const slow = follow(
      queues,
      queue,
      async (_payload, { signal }) => {
        signal.addEventListener("abort", () => {
          reasons.push(signal.reason);
          lost.open();
        });
        // The lock is renewed by this thread's timers: while it is busy, the lock runs out.
        await lost.opened;
        throw new Error("gave up");
      },
      { lockMs: 400, stalledIntervalMs: 60_000 },
    );
    await expect.poll(() => slow.lines).toEqual(["start 1"]);
    // Again where a renewal was just on its way, whose answer then comes before the lock is missed.
    const blockUntilTold = () => {
      if (reasons.length === 0) blockThread(1_000);
      return reasons;
    };
    await expect.poll(blockUntilTold).toEqual([expect.any(LockLostError)]);
    await expect.poll(() => slow.errors.map((error) => error.message)).toContain("gave up");
    expect(slow.lines).toEqual(["start 1"]);
  });

  test("every adds one job a turn, and a restart does not double it", async () => {
    const queue = newQueue();
    const producer = queues.producer(queue);
    /** How many turns are to come, as each turn finds it: the next one is there as soon as one begins. */
    const toCome: number[] = [];
    const tick = async () => {
      const { waiting, delayed } = await producer.counts();
      toCome.push(waiting + delayed);
      return done;
    };
    const before = await connect();
    follow(before, queue, tick);
    // Asked for more often than it comes, it comes all the same.
    const asking = setInterval(
      () =>
        void before
          .producer(queue)
          .every(300, { n: 1 })
          .catch(() => {}),
      50,
    );
    await expect.poll(() => toCome.length).toBeGreaterThanOrEqual(3);
    clearInterval(asking);
    await before.close();

    follow(queues, queue, tick);
    await producer.every(300, { n: 1 });
    await expect.poll(() => toCome.length).toBeGreaterThanOrEqual(8);
    expect(new Set(toCome)).toEqual(new Set([1]));
  });

  test("a stop waits for the job that runs, and takes no other", async () => {
    const queue = newQueue();
    const producer = queues.producer(queue);
    await producer.add({ n: 1 });
    await producer.add({ n: 2 });
    const release = gate();
    let aborted = false;
    const { lines, consumer } = follow(queues, queue, async (_payload, { signal }) => {
      await release.opened;
      aborted = signal.aborted;
      return done;
    });
    await expect.poll(() => lines).toEqual(["start 1"]);
    const stopped = consumer.stop(10_000);
    expect(consumer.running).toBe(false);
    release.open();
    await stopped;
    expect(lines).toEqual(["start 1", "done 1"]);
    expect(aborted).toBe(false);
    expect(await producer.counts()).toEqual({ ...isEmpty, waiting: 1 });
  });

  test("past the grace a stop aborts the job, which then runs elsewhere at no cost of an attempt", async () => {
    const queue = newQueue({ attempts: 1 });
    const producer = queues.producer(queue);
    await producer.add({ n: 1 });
    let reason: unknown;
    const { lines, consumer } = follow(queues, queue, async (_payload, { signal }) => {
      try {
        return await untilAborted(signal);
      } finally {
        reason = signal.reason;
      }
    });
    await expect.poll(() => lines).toEqual(["start 1"]);
    await consumer.stop(50);
    expect(reason).toBeInstanceOf(StoppedError);
    expect(await producer.counts()).toEqual({ ...isEmpty, waiting: 1 });

    const attempts: number[] = [];
    const next = follow(queues, queue, async (_payload, { attempt }) => {
      attempts.push(attempt);
      return done;
    });
    await expect.poll(() => next.lines).toEqual(["start 1", "done 1"]);
    expect(attempts).toEqual([1]);
    expect(lines).toEqual(["start 1"]);
  });

  test("a stop ends even where the handler does not", async () => {
    const queue = newQueue();
    await queues.producer(queue).add({ n: 1 });
    const { lines, consumer } = follow(queues, queue, () => new Promise(() => {}));
    await expect.poll(() => lines).toEqual(["start 1"]);
    const start = performance.now();
    await consumer.stop(100);
    expect(performance.now() - start).toBeLessThan(15_000);
  });

  test("a payload that does not fit is refused on its way in, and fails for good on its way out", async () => {
    const queue = newQueue();
    const producer = queues.producer(queue);
    // What another version, with another schema, might add.
    const other = { ...queue, payload: z.object({ n: z.string() }), jobId: () => "other" };
    await queues.producer(other).add({ n: "canary" });
    const { lines, errors: heard } = follow(queues, queue, async () => done);
    await expect.poll(() => heard).toEqual([expect.any(PayloadError)]);
    expect(heard[0]?.message).toMatch(/^Not a payload of the queue test-\w+: n: /);
    expect(heard[0]?.message).not.toContain("canary");
    expect(lines).toEqual([]);
    await expect.poll(() => producer.counts()).toEqual(isEmpty);

    const wrong: unknown = { n: 1.5 };
    await expect(Reflect.apply(producer.add, producer, [wrong])).rejects.toThrow(PayloadError);
    await expect(queues.producer({ ...queue, jobId: () => "123" }).add({ n: 1 })).rejects.toThrow(
      "all digits",
    );
    await expect(queues.producer({ ...queue, jobId: () => "a:b" }).add({ n: 1 })).rejects.toThrow("':'");
  });

  test("a failure that cannot be recorded is told, and the job goes its way", async () => {
    const queue = newQueue({ attempts: 1 });
    const producer = queues.producer(queue);
    const { errors: heard } = follow(queues, queue, async () => Promise.reject(new Error("broken")), {
      onFailed: async () => Promise.reject(new Error("no database")),
    });
    await producer.add({ n: 1 });
    await expect.poll(() => heard.map((error) => String(error.cause))).toEqual(["Error: no database"]);
    await expect.poll(() => producer.counts()).toEqual(isEmpty);
  });

  test("answers a ping", () => expect(queues.ping()).resolves.toBeUndefined());
}

async function nextMessage(child: ChildProcess): Promise<unknown> {
  const [message] = await once(child, "message");
  return message;
}

function blockThread(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}
