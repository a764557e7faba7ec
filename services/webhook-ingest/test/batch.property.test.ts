import { createTestDatabase, type TestDatabase } from "@nectr/db/testing";
import type { WebhookEvent } from "@nectr/github";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { type Arrival, type StoredEvent, toArrival } from "../src/arrival.ts";
import { storeEvent } from "../src/event-store.ts";
import { createEventStore } from "../src/store-batch.ts";

// One by one, in transactions of their own, deliveries are stored by rules that `ingest.test.ts` holds over HTTP. In
// batches it must come to the same, whatever is in them and whatever became of earlier ones.

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase(inject("postgresUrl"));
});
afterAll(() => database[Symbol.asyncDispose]());

/** A delivery, in small numbers, so that they often meet. */
interface Sent {
  readonly hook: number;
  readonly guid: number;
  readonly action: "synchronize" | "opened" | "edited" | "closed" | "labeled";
  readonly number: number;
  readonly head: string;
}

/** What happens between two batches to all that is stored. */
type Change = "nothing" | "failed" | "superseded" | "completed" | "expired";

const sent: fc.Arbitrary<Sent> = fc.record({
  hook: fc.integer({ min: 1, max: 2 }),
  guid: fc.oneof(
    { weight: 1, arbitrary: fc.integer({ min: 1, max: 4 }) },
    fc.integer({ min: 5, max: 1_000_000 }),
  ),
  action: fc.constantFrom("synchronize", "synchronize", "opened", "edited", "closed", "labeled"),
  number: fc.integer({ min: 1, max: 2 }),
  head: fc.constantFrom("a", "b", "c"),
});
const batch = fc.record({
  deliveries: fc.array(sent, { minLength: 1, maxLength: 10 }),
  before: fc.constantFrom<Change>("nothing", "nothing", "failed", "superseded", "completed", "expired"),
});

let namespace = 0;

/** Two runs that know nothing of each other: other hooks, other repositories. */
const arrivalIn = (space: number) => (delivery: Sent) => {
  const repositoryId = space * 10 + 1;
  const source = { repositoryId, fullName: "octocat/shop" };
  const head = { number: delivery.number, headSha: delivery.head.repeat(40) };
  return toArrival(
    {
      guid: String(delivery.guid),
      hookId: space * 10 + delivery.hook,
      name: "pull_request",
      signature: undefined,
      body: Buffer.alloc(0),
      form: false,
    },
    { name: "pull_request", event: eventOf(delivery, { ...source, ...head }) },
  );
};

function eventOf(
  { action }: Sent,
  fields: { repositoryId: number; fullName: string; number: number; headSha: string },
): WebhookEvent {
  if (action === "labeled") return { kind: "ignored", reason: "labels", ...fields, action };
  if (action === "closed") return { kind: "close", ...fields, action, merged: true };
  return { kind: "review", ...fields, action };
}

async function change(space: number, kind: Change): Promise<void> {
  const { db } = database;
  if (kind === "nothing") return;
  if (kind === "expired") {
    await db
      .updateTable("event_keys")
      .set({ expires_at: new Date(0) })
      .where("key", "like", `${space * 10 + 1}/%`)
      .execute();
    return;
  }
  await db
    .updateTable("webhook_events")
    .set({ status: kind })
    .where("repository_id", "=", space * 10 + 1)
    .where("status", "=", "pending")
    .execute();
}

/** Ids as they are met first. */
function numbered(answers: readonly StoredEvent[]) {
  const ids = new Map<string, number>();
  const numberOf = (id: string) => ids.get(id) ?? ids.set(id, ids.size).size - 1;
  return answers.map(({ status, eventId, reason }) => ({ status, event: numberOf(eventId), reason }));
}

/** Of each pull request in the order of arrival, which is what decides; what is ignored has no order. */
async function rows(space: number) {
  const stored = await database.db
    .selectFrom("webhook_events")
    .selectAll()
    .where("repository_id", "=", space * 10 + 1)
    .orderBy("number")
    .orderBy("event_id")
    .execute();
  const nameOf = (row: { hook_id: number; delivery_guid: string }) =>
    `${row.hook_id % 10}/${row.delivery_guid}`;
  const names = new Map(stored.map((row) => [row.event_id, nameOf(row)]));
  return stored.map((row) => ({
    delivery: nameOf(row),
    number: row.number,
    head: row.head_sha,
    status: row.status,
    reason: row.reason,
    duplicateOf: row.duplicate_of && names.get(row.duplicate_of),
    payload: row.payload?.toString().replace(/"id":\d+/, ""),
    finished: row.finished_at !== null,
  }));
}

async function keys(space: number) {
  const held = await database.db
    .selectFrom("event_keys")
    .innerJoin("webhook_events", "webhook_events.event_id", "event_keys.event_id")
    .select(["key", "delivery_guid", "hook_id", "expires_at"])
    .where("key", "like", `${space * 10 + 1}/%`)
    .orderBy("key")
    .execute();
  return held.map(({ key, delivery_guid, hook_id, expires_at }) => ({
    key: key.slice(key.indexOf("/")),
    by: `${hook_id % 10}/${delivery_guid}`,
    expired: expires_at.getTime() === 0,
  }));
}

describe("deliveries that are stored in batches", () => {
  test("come to what they come to one by one", async () => {
    const { db } = database;
    await fc.assert(
      fc.asyncProperty(fc.array(batch, { minLength: 1, maxLength: 4 }), async (batches) => {
        const [apart, together] = [(namespace += 1), (namespace += 1)];
        const store = createEventStore(db);
        const one: StoredEvent[] = [];
        const all: StoredEvent[] = [];
        for (const { deliveries, before } of batches) {
          await change(apart, before);
          await change(together, before);
          for (const delivery of deliveries) one.push(await storeEvent(db, arrivalIn(apart)(delivery)));
          all.push(...(await storeAtOnce(store, deliveries.map(arrivalIn(together)))));
        }
        expect(numbered(all)).toEqual(numbered(one));
        expect(await rows(together)).toEqual(await rows(apart));
        expect(await keys(together)).toEqual(await keys(apart));
      }),
      { numRuns: 60 },
    );
  });
});

let fillers = 0;

/** As one batch: while something else is being stored, all of them come. */
async function storeAtOnce(
  store: (arrival: Arrival) => Promise<StoredEvent>,
  arrivals: readonly Arrival[],
): Promise<StoredEvent[]> {
  fillers += 1;
  const filler = arrivalIn(0)({ hook: 9, guid: -fillers, action: "labeled", number: 1, head: "a" });
  const [, ...answers] = await Promise.all([filler, ...arrivals].map(store));
  return answers;
}
