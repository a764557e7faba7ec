import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { answering } from "./answering-model.ts";
import { injection } from "./changes.ts";
import { startWorker, type WorkerUnderTest } from "./worker-under-test.ts";

// A worker that stood still past its lease goes on where it stood, before it has heard that another one took over.

let worker: WorkerUnderTest;
beforeEach(async () => {
  worker = await startWorker();
});
afterEach(async () => {
  vi.useRealTimers();
  expect(worker.simulator.violations()).toEqual([]);
  await worker[Symbol.asyncDispose]();
});

const late = { holder: "late", leaseSeconds: 3_600 };
/** Another worker takes the pull request. */
const takeOver = () =>
  worker.db
    .updateTable("pull_requests")
    .set((e) => ({ fencing_token: e("fencing_token", "+", 1), claimed_by: "other" }))
    .execute();

test("what it had decided takes nothing back of what the other one has posted", async () => {
  const { eventId } = await worker.opened(injection);
  const model = answering(undefined, async () => {
    await takeOver();
    await worker.db.updateTable("reviews").set({ status: "posted" }).execute();
  });
  expect(await worker.run(eventId, { ...late, model })).toEqual({ kind: "done" });
  const rows = await worker.db.selectFrom("reviews").select(["status", "result"]).execute();
  expect(rows).toEqual([{ status: "posted", result: null }]);
});

test("a review that waits for GitHub's limits is not posted by one whose claim is gone by then", async () => {
  const { number, eventId } = await worker.opened(injection);
  const over = Promise.withResolvers<void>();
  const limitsHeld = Promise.withResolvers<void>();
  const holding = worker.db.transaction().execute(async (tx) => {
    await limitsHeld.promise;
    await tx.selectFrom("request_limits").select("account").forUpdate().execute();
    await over.promise;
  });
  // The last look at the pull request, before the review is posted.
  const look = { method: "GET", path: new RegExp(`/pulls/${number}$`), times: 1 };
  const model = answering(undefined, () => {
    const until = async () => limitsHeld.resolve();
    worker.simulator.faults.add({ ...look, effect: { kind: "hold", until } });
  });
  const running = worker.run(eventId, { ...late, model });
  const posting = () =>
    worker.db
      .selectFrom("pull_requests")
      .select("number")
      .where("claim_posting", "=", true)
      .executeTakeFirst();
  await vi.waitUntil(async () => (await posting()) !== undefined, { timeout: 20_000, interval: 1 });
  await takeOver();
  // As after a sleep of the machine, which the clock that only goes forward does not count.
  vi.setSystemTime(Date.now() + 2 * 3_600_000);
  over.resolve();
  await holding;
  expect(await running).toEqual({ kind: "done" });
  expect(worker.simulator.reviews(worker.repository.fullName, number)).toEqual([]);
});
