import { createTestDatabase } from "@nectr/db/testing";
import pg from "pg";
import { afterEach, beforeEach, describe, expect, inject, test } from "vitest";
import { connectQueues, QueueUnavailableError, type QueueConnection } from "../src/index.ts";
import { done, follow, gate, newQueue } from "./story.ts";

describe("queue while PostgreSQL is away", () => {
  let open: AsyncDisposableStack;
  let queues: QueueConnection;
  let shut: () => Promise<void>;
  let reopen: () => Promise<void>;

  beforeEach(async () => {
    open = new AsyncDisposableStack();
    const database = open.use(await createTestDatabase(inject("postgresUrl")));
    const admin = new pg.Client({ connectionString: inject("postgresUrl") });
    await admin.connect();
    open.defer(() => admin.end());
    const name = new URL(database.url).pathname.slice(1);
    shut = async () => {
      await admin.query(`alter database ${name} allow_connections false`);
      await admin.query("select pg_terminate_backend(pid) from pg_stat_activity where datname = $1", [name]);
    };
    reopen = async () => void (await admin.query(`alter database ${name} allow_connections true`));
    queues = open.use(await connectQueues({ databaseUrl: database.url, onError: () => {} }));
  });
  afterEach(() => open.disposeAsync());

  test("its connections cut: everything drains without a restart, and no error is told in a hot loop", async () => {
    const queue = newQueue({ attempts: 1 });
    const producer = queues.producer(queue);
    for (let n = 0; n < 20; n++) await producer.add({ n });
    const release = gate();
    const handler = async () => {
      await release.opened;
      return done;
    };
    const heard: number[] = [];
    const onError = () => void heard.push(performance.now());
    const { lines, consumer } = follow(queues, queue, handler, { concurrency: 2, lockMs: 2_000, onError });
    await expect.poll(() => lines.length).toBe(2);
    await shut();
    release.open();
    await expect(producer.add({ n: 20 })).rejects.toThrow(QueueUnavailableError);
    await expect(queues.ping()).rejects.toThrow(QueueUnavailableError);
    // Some connections break at once; from then on each error is of a fetch, half a second after the one before.
    await expect.poll(() => heard.length).toBeGreaterThanOrEqual(10);
    const [first = 0, last = 0] = [heard.at(0), heard.at(-1)];
    expect(last - first).toBeGreaterThan(700);
    await reopen();

    await producer.add({ n: 20 });
    const empty = { waiting: 0, active: 0, delayed: 0, failed: 0 };
    await expect.poll(() => producer.counts()).toEqual(empty);
    expect(new Set(lines.filter((line) => line.startsWith("done"))).size).toBe(21);
    expect(consumer.running).toBe(true);
    expect(heard.length).toBeLessThan(40);
  });

  test("stop and close end while it is away", async () => {
    const queue = newQueue();
    await queues.producer(queue).add({ n: 1 });
    const { lines, consumer } = follow(queues, queue, () => new Promise(() => {}));
    await expect.poll(() => lines).toEqual(["start 1"]);
    await shut();
    const start = performance.now();
    await consumer.stop(100);
    await queues.close();
    expect(performance.now() - start).toBeLessThan(15_000);
    await reopen();
  });
});
