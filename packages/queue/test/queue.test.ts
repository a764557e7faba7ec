import { createTestDatabase, type TestDatabase } from "@nectr/db/testing";
import { Redis } from "ioredis";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { connectQueues } from "../src/index.ts";
import { queueContract } from "./queue-contract.ts";
import { newQueue } from "./story.ts";

const redisUrl = inject("redisUrl");

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase(inject("postgresUrl"));
});
afterAll(() => database[Symbol.asyncDispose]());

describe("queue on PostgreSQL", () => queueContract(() => ({ databaseUrl: database.url })));

describe.skipIf(!redisUrl)("queue on Redis (needs redis-server)", () => {
  queueContract(() => ({ redisUrl, databaseUrl: database.url }));

  test("a job that is in no list any more can be removed, and added again", async () => {
    await using open = new AsyncDisposableStack();
    const queues = open.use(await connectQueues({ redisUrl, databaseUrl: database.url, onError: () => {} }));
    const redis = open.adopt(new Redis(redisUrl ?? ""), (connection) => connection.disconnect());
    const queue = newQueue();
    const producer = queues.producer(queue);
    await producer.add({ n: 1 });
    await redis.lrem(`bull:${queue.name}:wait`, 0, queue.jobId({ n: 1 }));
    await producer.add({ n: 1 });
    expect((await producer.counts()).waiting).toBe(0);
    await producer.removeStray({ n: 1 });
    await producer.add({ n: 1 });
    expect((await producer.counts()).waiting).toBe(1);
  });
});
