import { beforeEach, expect, test } from "vitest";
import { enqueueEvents, type EventRecords, type EventToEnqueue } from "../src/enqueue-events.ts";
import type { Producer } from "../src/queue.ts";

let added: Map<string, number>;
let marked: string[];
let refused: Set<string>;
beforeEach(() => {
  added = new Map();
  marked = [];
  refused = new Set();
});

const producer = {
  async add({ eventId }: { eventId: string }, { priority = 0 } = {}) {
    if (refused.has(eventId)) throw new Error(`${eventId} refused`);
    added.set(eventId, priority);
  },
} as Producer<unknown>;
const queues = { producer: () => producer as Producer<never> };

/** Where so many events of each repository wait. */
function waiting(counts: Readonly<Record<number, number>>): EventRecords {
  return {
    countWaiting: async (ids) => new Map(ids.map((id) => [id, counts[id] ?? 0])),
    markEnqueued: async (ids) => void marked.push(...ids),
  };
}

const eventsOf = (repositoryId: number, count: number): EventToEnqueue[] =>
  Array.from({ length: count }, (_, index) => ({
    eventId: `${repositoryId}-${index + 1}`,
    repositoryId,
    action: "opened",
  }));

test("none of a flood goes before a quiet repository's event", async () => {
  await enqueueEvents(queues, waiting({ 1: 300, 2: 1 }), [...eventsOf(1, 199), ...eventsOf(2, 1)]);
  expect(added.get("2-1")).toBe(1);
  expect(Math.min(...eventsOf(1, 199).map(({ eventId }) => added.get(eventId) ?? 0))).toBe(100);
});

test("each has its place among its own repository's, and what is taken already is no 0", async () => {
  await enqueueEvents(queues, waiting({ 1: 3 }), eventsOf(1, 5));
  expect([...added.values()]).toEqual([1, 1, 1, 2, 3]);
});

test("what the queue refuses is not marked, all the others are, and it is said", async () => {
  const events = eventsOf(1, 450);
  refused = new Set(["1-7", "1-430"]);
  await expect(enqueueEvents(queues, waiting({ 1: 300 }), events)).rejects.toThrow("1-7 refused");
  expect(new Set(marked)).toEqual(
    new Set(events.map(({ eventId }) => eventId).filter((eventId) => !refused.has(eventId))),
  );
});
