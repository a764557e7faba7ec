import { afterEach, beforeEach, describe, expect, inject, test } from "vitest";
import { connectQueues, QueueUnavailableError, type QueueConnection } from "../src/index.ts";
import { startTestRedis, type TestRedis } from "../src/testing.ts";
import { done, follow, gate, newQueue } from "./story.ts";

/** Not asked while Redis is given. */
const databaseUrl = "postgres://nobody@127.0.0.1:1/none";

describe.skipIf(!inject("redisUrl"))("queue while Redis is away (needs redis-server)", () => {
  let open: AsyncDisposableStack;
  let redis: TestRedis;
  let queues: QueueConnection;
  let errors: Error[];

  const connect = async () =>
    open.use(
      await connectQueues({ redisUrl: redis.url, databaseUrl, onError: (error) => void errors.push(error) }),
    );

  beforeEach(async () => {
    open = new AsyncDisposableStack();
    errors = [];
    redis = open.use(await startTestRedis());
    queues = await connect();
  });
  afterEach(() => open.disposeAsync());

  async function timed(work: Promise<unknown>): Promise<number> {
    const start = performance.now();
    await work;
    return performance.now() - start;
  }

  /** Refused by the connection itself, rather than for an answer that did not come in time. */
  async function expectRefusal(question: Promise<unknown>): Promise<void> {
    await expect(question).rejects.toThrow(QueueUnavailableError);
    await expect(question).rejects.not.toThrow("no answer within");
  }

  test("killed and back: everything drains without a restart", async () => {
    const queue = newQueue({ attempts: 1 });
    const producer = queues.producer(queue);
    for (let n = 0; n < 30; n++) await producer.add({ n });
    const release = gate();
    const handler = async () => {
      await release.opened;
      return done;
    };
    const {
      lines,
      errors: heard,
      consumer,
    } = follow(queues, queue, handler, { concurrency: 2, lockMs: 5_000 });
    await expect.poll(() => lines.length).toBe(2);
    await redis.kill();
    release.open();
    await expect.poll(() => heard.length).toBeGreaterThan(0);
    await expect.poll(() => errors.length).toBeGreaterThan(0);
    await expectRefusal(producer.add({ n: 30 }));
    await redis.start();

    await expect
      .poll(() =>
        producer.add({ n: 30 }).then(
          () => true,
          () => false,
        ),
      )
      .toBe(true);
    await expect
      .poll(() => producer.counts())
      .toEqual({
        waiting: 0,
        active: 0,
        delayed: 0,
        failed: 0,
      });
    const finished = new Set(lines.filter((line) => line.startsWith("done")));
    expect(finished.size).toBe(31);
    expect(consumer.running).toBe(true);
  });

  test("producers and pings are refused without a wait while it is down, and work again when it is back", async () => {
    const producer = queues.producer(newQueue());
    await producer.add({ n: 1 });
    await redis.kill();
    await expect.poll(() => errors.length).toBeGreaterThan(0);
    for (const question of [() => producer.add({ n: 2 }), () => producer.counts(), () => queues.ping()]) {
      await expectRefusal(question());
    }
    await redis.start();
    await expect
      .poll(() =>
        queues.ping().then(
          () => true,
          () => false,
        ),
      )
      .toBe(true);
    await producer.add({ n: 2 });
    expect((await producer.counts()).waiting).toBe(2);
  });

  test("a process may start while it is down, and takes part when it is there", async () => {
    await redis.kill();
    const early = await connect();
    const queue = newQueue();
    const { lines } = follow(early, queue, async () => done);
    await expectRefusal(early.producer(queue).add({ n: 1 }));
    await redis.start();
    await expect
      .poll(() =>
        early
          .producer(queue)
          .add({ n: 1 })
          .then(
            () => true,
            () => false,
          ),
      )
      .toBe(true);
    await expect.poll(() => lines).toEqual(["start 1", "done 1"]);
  });

  test("stop and close end while it is down, with a job running and without", async () => {
    const queue = newQueue();
    await queues.producer(queue).add({ n: 1 });
    const busy = follow(queues, queue, () => new Promise(() => {}));
    const idle = follow(queues, newQueue(), async () => done);
    await expect.poll(() => busy.lines).toEqual(["start 1"]);
    await redis.kill();
    expect(await timed(Promise.all([busy.consumer.stop(100), idle.consumer.stop(10_000)]))).toBeLessThan(
      15_000,
    );
    expect(await timed(queues.close())).toBeLessThan(15_000);
  });
});
