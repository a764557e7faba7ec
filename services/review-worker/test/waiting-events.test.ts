import { afterEach, beforeEach, expect, test } from "vitest";
import { createTurns } from "../src/jobs/turns.ts";
import { clean, injection } from "./changes.ts";
import { startWorker, type WorkerUnderTest } from "./worker-under-test.ts";

let worker: WorkerUnderTest;
beforeEach(async () => {
  worker = await startWorker();
});
afterEach(async () => {
  expect(worker.simulator.violations()).toEqual([]);
  await worker[Symbol.asyncDispose]();
});

const reviews = (number: number) => worker.simulator.reviews(worker.repository.fullName, number);
const statusOf = async (eventId: string) => (await worker.event(eventId)).status;

test("of many pushes that wait the last asks GitHub, and ends the others", async () => {
  const { number, eventId } = await worker.opened(injection);
  const heads: string[] = [];
  for (let n = 0; n < 5; n += 1) heads.push(await worker.push("change", { "src/more.js": `${n};\n` }));
  const events = [eventId];
  for (const head of heads) events.push(await worker.receive(number, head));
  const last = events.pop() ?? "";

  const before = worker.simulator.requests().length;
  for (const event of events) expect(await worker.run(event)).toMatchObject({ kind: "later" });
  expect(worker.simulator.requests()).toHaveLength(before);
  await worker.run(last);
  expect(await Promise.all(events.map(statusOf))).toEqual(events.map(() => "superseded"));
  const after = worker.simulator.requests().length;
  for (const event of events) expect(await worker.run(event)).toEqual({ kind: "done" });
  expect(worker.simulator.requests()).toHaveLength(after);
  expect(reviews(number).map(({ commitId }) => commitId)).toEqual([heads.at(-1)]);
});

test("what is ended so takes with it the review that it had begun", async () => {
  const { number, eventId } = await worker.opened(injection);
  const lift = worker.simulator.faults.add({
    path: /\/files$/,
    effect: { kind: "status", status: 503, when: "before" },
  });
  expect(await worker.run(eventId)).toMatchObject({ kind: "later" });
  lift();
  const head = await worker.push("change", { "src/more.js": injection });
  await worker.run(await worker.receive(number, head));
  expect(await statusOf(eventId)).toBe("superseded");
  const rows = await worker.db.selectFrom("reviews").select("status").orderBy("id").execute();
  expect(rows).toEqual([{ status: "superseded" }, { status: "posted" }]);
});

test("an event of the present head goes on, whatever came before it or after", async () => {
  const { number, head: first } = await worker.opened(clean);
  const head = await worker.push("change", { "src/more.js": injection });
  const early = await worker.receive(number, head, "edited");
  const middle = await worker.receive(number, first);
  const last = await worker.receive(number, head, "reopened");
  await worker.run(last);
  expect(await Promise.all([early, middle, last].map(statusOf))).toEqual([
    "pending",
    "superseded",
    "completed",
  ]);
  await worker.run(early);
  expect(await statusOf(early)).toBe("completed");
  expect(reviews(number)).toHaveLength(1);
});

test("a head that GitHub does not name yet is not ended by an event that came before it", async () => {
  const { number, eventId, head } = await worker.opened(injection);
  // GitHub's API may lag behind its webhooks.
  const ahead = await worker.receive(number, "b".repeat(40));
  await worker.db
    .updateTable("webhook_events")
    .set({ status: "processing" })
    .where("event_id", "=", ahead)
    .execute();
  await worker.run(eventId);
  await worker.db
    .updateTable("webhook_events")
    .set({ status: "pending" })
    .where("event_id", "=", ahead)
    .execute();
  expect(await statusOf(ahead)).toBe("pending");
  expect(reviews(number)).toMatchObject([{ commitId: head }]);
});

test("a closing ends what waited when it came, and a reopening after it is reviewed", async () => {
  const { number, eventId, head } = await worker.opened(injection);
  const more = await worker.receive(number, head, "ready_for_review");
  await worker.atGitHub("hubot", "PATCH", `/pulls/${number}`, { state: "closed" });
  await worker.receive(number, head, "closed");
  const reopened = await worker.receive(number, head, "reopened");
  await worker.run(eventId);
  expect(await Promise.all([eventId, more, reopened].map(statusOf))).toEqual([
    "superseded",
    "superseded",
    "pending",
  ]);
  await worker.atGitHub("hubot", "PATCH", `/pulls/${number}`, { state: "open" });
  await worker.run(reopened);
  expect(reviews(number)).toHaveLength(1);
});

test("a closing that was undone goes on with no head: the event that is left is reviewed", async () => {
  const { number, eventId } = await worker.opened(injection);
  // Neither the push nor the reopening was told of.
  const head = await worker.push("change", { "src/more.js": injection });
  const closing = await worker.receive(number, head, "closed");
  await worker.db
    .updateTable("webhook_events")
    .set({ status: "completed" })
    .where("event_id", "=", closing)
    .execute();
  for (let look = 1; look <= 2; look += 1) {
    expect(await worker.run(eventId)).toMatchObject({ kind: "later", reason: "the head has moved" });
  }
  await worker.run(eventId);
  expect(await statusOf(eventId)).toBe("completed");
  expect(reviews(number)).toMatchObject([{ commitId: head }]);
});

test("a failed event that is armed again is ended like any other that is late", async () => {
  const { number, eventId } = await worker.opened(injection);
  await worker.db.updateTable("webhook_events").set({ status: "failed" }).execute();
  const head = await worker.push("change", { "src/more.js": clean });
  const newer = await worker.receive(number, head);
  await worker.db.updateTable("webhook_events").set({ status: "pending" }).execute();
  await worker.run(newer);
  expect(await statusOf(eventId)).toBe("superseded");
});

test("of pushes in a row the first is reviewed at once, the others wait until it is over", async () => {
  const begin = (eventId: string) =>
    createTurns({
      db: worker.db,
      bounds: { perRepository: 9, perUser: 9 },
      settleSeconds: 5,
      leaseSeconds: 2,
      enqueue: async () => {},
      onError: (error) => expect(error).toBeUndefined(),
    }).begin(eventId);
  const { number, head, eventId } = await worker.opened(injection);
  const first = await begin(eventId);
  expect(first).toHaveProperty("event.event_id", eventId);
  const second = await worker.receive(number, "b".repeat(40));
  const wait = await begin(second);
  expect(wait).toMatchObject({ kind: "later", reason: "a later push is waited for" });
  expect("delayMs" in wait && wait.delayMs).toBeGreaterThan(0);
  expect("delayMs" in wait && wait.delayMs).toBeLessThanOrEqual(5_000);
  // Another base of the same head is no push.
  const edited = await worker.receive(number, head, "edited");
  await worker.db
    .updateTable("webhook_events")
    .set({ status: "superseded" })
    .where("event_id", "=", second)
    .execute();
  await worker.db
    .updateTable("webhook_events")
    .set({ received_at: new Date(Date.now() - 6_000) })
    .where("event_id", "=", second)
    .execute();
  const third = await begin(edited);
  expect(third).toHaveProperty("event.event_id", edited);
  for (const turn of [first, third]) if ("event" in turn) await turn[Symbol.asyncDispose]();
});
