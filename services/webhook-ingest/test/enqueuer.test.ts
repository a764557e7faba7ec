import { createTestDatabase, type TestDatabase } from "@nectr/db/testing";
import type { QueueConnection } from "@nectr/queue";
import { createLogger } from "@nectr/service";
import { afterEach, beforeEach, expect, inject, test } from "vitest";
import type { QueuedEvent } from "../src/arrival.ts";
import { createEnqueuer, type Enqueuer } from "../src/enqueuer.ts";

let database: TestDatabase;
let log: { readonly msg: string; readonly events: number }[];
let added: { readonly eventId: string; readonly priority: number }[];
let refused: (eventId: string) => boolean;
let enqueuer: Enqueuer;
beforeEach(async () => {
  database = await createTestDatabase(inject("postgresUrl"));
  log = [];
  added = [];
  refused = () => false;
  const logger = createLogger({
    service: "test",
    level: "info",
    destination: { write: (line) => void log.push(JSON.parse(line)) },
  });
  enqueuer = createEnqueuer({ db: database.db, queues: scripted(), logger });
});
afterEach(async () => {
  await enqueuer[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});

/** A queue that can be away. */
function scripted(): QueueConnection {
  const add = async ({ eventId }: { eventId: string }, { priority = 0 } = {}) => {
    if (refused(eventId)) throw new Error("the queue is away");
    added.push({ eventId, priority });
  };
  return { producer: () => ({ add }) } as unknown as QueueConnection;
}

async function store(repositoryId: number, count: number): Promise<QueuedEvent[]> {
  const rows = await database.db
    .insertInto("webhook_events")
    .values(
      Array.from({ length: count }, (_, index) => ({
        hook_id: repositoryId,
        delivery_guid: `${index}`,
        event: "pull_request",
        action: "opened",
        repository_id: repositoryId,
        status: "pending" as const,
      })),
    )
    .returning("event_id")
    .execute();
  return rows.map(({ event_id }) => ({
    status: "queued",
    eventId: event_id,
    repositoryId,
    action: "opened",
  }));
}

async function notEnqueued(): Promise<string[]> {
  const rows = await database.db
    .selectFrom("webhook_events")
    .select("event_id")
    .where("enqueued_at", "is", null)
    .orderBy("event_id")
    .execute();
  return rows.map(({ event_id }) => event_id);
}

test("each of many gets the place that it has among its own repository's", async () => {
  const [busy, quiet] = [await store(1, 5), await store(2, 1)];
  for (const event of [...busy, ...quiet]) enqueuer.enqueue(event);
  await enqueuer.settled();
  const priorityOf = new Map(added.map(({ eventId, priority }) => [eventId, priority]));
  expect([...busy, ...quiet].map(({ eventId }) => priorityOf.get(eventId))).toEqual([1, 2, 3, 4, 5, 1]);
  expect(await notEnqueued()).toEqual([]);
});

test("what the queue refuses stays for the sweep, the rest is enqueued, and it is said once", async () => {
  const events = await store(1, 6);
  const [lost] = events;
  refused = (eventId) => eventId === lost?.eventId;
  for (const event of events) enqueuer.enqueue(event);
  await enqueuer.settled();
  expect(added).toHaveLength(5);
  expect(await notEnqueued()).toEqual([lost?.eventId]);
  expect(log).toMatchObject([{ msg: "not enqueued now; the sweep will", events: 6 }]);
});

test("behind a flood of one repository, another's event does not wait for its end", async () => {
  const [busy, quiet] = [await store(1, 900), await store(2, 1)];
  for (const event of [...busy, ...quiet]) enqueuer.enqueue(event);
  await enqueuer.settled();
  expect(added.findIndex(({ eventId }) => eventId === quiet[0]?.eventId)).toBeLessThan(2);
  expect(added).toHaveLength(901);
});

test("when it stops, all that was given is enqueued, and a queue that is away is not waited for", async () => {
  const events = await store(1, 450);
  for (const event of events.slice(0, 250)) enqueuer.enqueue(event);
  await enqueuer[Symbol.asyncDispose]();
  expect(added).toHaveLength(250);

  refused = () => true;
  for (const event of events.slice(250)) enqueuer.enqueue(event);
  await enqueuer[Symbol.asyncDispose]();
  expect(log).toHaveLength(1);
  expect(await notEnqueued()).toHaveLength(200);
});
