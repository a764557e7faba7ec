import { randomUUID } from "node:crypto";
import { afterEach, beforeEach, describe, expect, inject, test } from "vitest";
import { type FrozenProxy, startFrozenProxy } from "./frozen-proxy.ts";
import { type IngestUnderTest, pullRequestPayload, startIngest } from "./ingest-under-test.ts";

let resources: AsyncDisposableStack;
let proxy: FrozenProxy;
let ingest: IngestUnderTest;
beforeEach(async () => {
  resources = new AsyncDisposableStack();
  proxy = resources.use(await startFrozenProxy(inject("postgresUrl")));
  ingest = resources.use(await startIngest({ databaseBy: proxy.through, answerLimitMs: 900 }));
});
afterEach(() => resources.disposeAsync());

const sendOne = (number: number) =>
  ingest.send({ body: pullRequestPayload({ number }), guid: `guid-${number}`, secret: ingest.globalSecret });
const stored = () => ingest.db.selectFrom("webhook_events").selectAll().orderBy("event_id").execute();

describe("a database that is gone without a word", () => {
  test("costs each of those who wait a second, and comes back by itself", async () => {
    await expect.poll(async () => (await sendOne(1)).status).toBe(200);
    // Connections that are open and idle, each of which will be asked in vain.
    await Promise.all(Array.from({ length: 20 }, (_, index) => sendOne(50 + index)));
    await ingest.waitingJobs();
    proxy.freeze();
    const start = performance.now();
    const answers = await Promise.all(Array.from({ length: 60 }, (_, index) => sendOne(100 + index)));
    // Twice the limit, for a machine that is busy.
    expect(performance.now() - start).toBeLessThan(1_800);
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([503]));
    expect(answers[0]?.body).toMatchObject({ code: "storage_unavailable", requestId: expect.any(String) });
    expect(await stored()).toHaveLength(21);

    proxy.thaw();
    await expect.poll(async () => (await sendOne(2)).status).toBe(200);
    const redelivered = await Promise.all(Array.from({ length: 60 }, (_, index) => sendOne(100 + index)));
    expect(new Set(redelivered.map(({ body }) => body["status"]))).toEqual(new Set(["queued"]));
    // Each once, and whole.
    const rows = await stored();
    expect(rows).toHaveLength(82);
    expect(rows.every(({ status, payload }) => status === "pending" && payload !== null)).toBe(true);
  });
});

describe("one of many at once that can't be stored", () => {
  test("is refused as malformed, and its neighbours are stored", async () => {
    const numbers = [1, 2, 3_000_000_000, 4, 5];
    // One goes ahead; the others come while it is being stored, and make one batch.
    const answers = await Promise.all([0, ...numbers].map((number) => sendOne(number || 99)));
    expect(answers.slice(1).map(({ status }) => status)).toEqual([200, 200, 400, 200, 200]);
    expect(answers[3]?.body).toMatchObject({ code: "malformed_delivery" });
    expect(new Set((await stored()).map(({ number }) => number))).toEqual(new Set([99, 1, 2, 4, 5]));
  });

  test("with what PostgreSQL takes in no text is stored without it", async () => {
    const body = JSON.stringify({
      action: "a\0b\ud800",
      repository: { id: 42, full_name: "octocat/shop" },
    });
    const answer = await ingest.send({
      event: "issues",
      body,
      guid: randomUUID(),
      secret: ingest.globalSecret,
    });
    expect(answer.body).toMatchObject({ status: "ignored" });
    expect(await stored()).toMatchObject([{ action: "ab\ufffd", full_name: "octocat/shop" }]);
  });

  test.each([
    ["a delivery's id", { guid: "x".repeat(3_000) }],
    ["an event's name", { event: "x".repeat(3_000) }],
  ])("%s without an end is refused", async (_name, part) => {
    const answer = await ingest.send({ body: pullRequestPayload({}), secret: ingest.globalSecret, ...part });
    expect(answer.status).toBe(400);
    expect(await stored()).toEqual([]);
  });
});
