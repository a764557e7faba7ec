import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { failEvent } from "../src/jobs/fail-event.ts";
import { clean } from "./changes.ts";
import { type ReconciliationUnderTest, startReconciliation } from "./reconciliation-under-test.ts";

let there: ReconciliationUnderTest;
beforeEach(async () => {
  there = await startReconciliation();
});
afterEach(async () => {
  expect(there.worker.simulator.violations()).toEqual([]);
  await there[Symbol.asyncDispose]();
});

describe("after an outage of our own", () => {
  test("200 deliveries that 20 hooks could not make are recovered, each asked for once, and none that arrived", async () => {
    const repositories = [];
    for (let count = 0; count < 20; count += 1)
      repositories.push(await there.addRepository("octocat", `shop-${count}`));
    const arrived = await there.stored();
    expect(arrived).toHaveLength(20);
    there.receiver.mode = "down";
    for (const { fullName, number } of repositories) await there.comment(fullName, number, 10);
    there.receiver.mode = "up";
    await there.turnsUntilQuiet();
    expect(await there.stored()).toHaveLength(220);
    expect(new Set(there.asked()).size).toBe(200);
    expect(there.asked()).toHaveLength(200);
    expect(there.recovered).toEqual({ redelivery: 200, poll: 0 });
    for (const { fullName } of repositories) {
      const {
        reconciled_at: done,
        delivery_cursor: cursor,
        reconcile_at: next,
      } = await there.repository(fullName);
      expect(done).not.toBeNull();
      expect(Date.parse(cursor ?? "")).toBeGreaterThan(Date.now() - 6 * 60_000);
      expect(next.getTime()).toBeGreaterThan(Date.now() + 50 * 60_000);
    }
    await there.turnAnHourLater();
    expect(there.asked()).toHaveLength(200);
  });

  test("a whole day of one hook is recovered, and until then a silent receiver is asked to take one an hour", async () => {
    const { number, head } = await there.openPull();
    await there.worker.simulator.deliveriesSettled();
    there.receiver.mode = "down";
    await there.comment(there.worker.repository.fullName, number, 120);
    const second = await there.worker.push("change", { "src/more.js": clean });
    await there.worker.simulator.deliveriesSettled();
    for (let hour = 0; hour < 23; hour += 1) await there.turnAnHourLater();
    expect(there.asked()).toHaveLength(23);
    expect(await there.stored()).toMatchObject([
      { action: "opened", hook_id: there.hookId },
      { action: "synchronize", hook_id: 0 },
    ]);
    expect(second).not.toBe(head);
    there.receiver.mode = "up";
    await there.turnAnHourLater();
    await there.turnsUntilQuiet();
    expect((await there.stored()).filter(({ hook_id: id }) => id === there.hookId)).toHaveLength(122);
    expect(there.asked().length).toBeLessThan(23 + 121 + 1);
    expect(await there.repository()).toMatchObject({ reconciled_at: expect.any(Date) });
  });

  test("one that was stored, though GitHub saw it fail, is not asked for", async () => {
    there.receiver.mode = "late";
    await there.openPull();
    await there.worker.simulator.deliveriesSettled();
    there.receiver.mode = "up";
    await there.turnsUntilQuiet();
    expect(there.asked()).toEqual([]);
    expect(there.outcomes).toEqual(["complete"]);
  });

  test("one of those whose event failed is delivered again, and has another try", async () => {
    there.receiver.mode = "late";
    await there.openPull();
    await there.worker.simulator.deliveriesSettled();
    const [event] = await there.stored();
    await failEvent(there.worker.deps, { eventId: event?.event_id ?? "" }, new Error("boom"), true);
    there.receiver.mode = "up";
    await there.turnsUntilQuiet();
    expect(there.asked()).toHaveLength(1);
    expect(await there.stored()).toMatchObject([{ event_id: event?.event_id, status: "pending" }]);
    await failEvent(there.worker.deps, { eventId: event?.event_id ?? "" }, new Error("boom"), true);
    await there.turnAnHourLater();
    expect(there.asked()).toHaveLength(1);
  });

  test("several workers who come back together ask once", async () => {
    there.receiver.mode = "down";
    const { number } = await there.openPull();
    await there.comment(there.worker.repository.fullName, number, 5);
    there.receiver.mode = "up";
    const workers = Array.from({ length: 4 }, () => there.create());
    for (let round = 0; round < 3; round += 1) {
      await Promise.all(workers.map((each) => each(new AbortController().signal)));
      await there.worker.simulator.deliveriesSettled();
    }
    expect(there.asked()).toHaveLength(6);
    expect(await there.stored()).toHaveLength(6);
    expect(there.recovered.redelivery).toBe(6);
  });

  test("what GitHub has no longer is left to the look at the pull requests", async () => {
    there.receiver.mode = "down";
    const { head, number } = await there.openPull();
    await there.worker.simulator.deliveriesSettled();
    there.receiver.mode = "up";
    there.worker.simulator.faults.add({
      path: /attempts$/,
      effect: { kind: "status", status: 404, when: "before" },
    });
    await there.turn();
    await there.turnAnHourLater();
    expect(there.asked()).toHaveLength(1);
    expect(there.outcomes).toEqual(["waiting", "complete"]);
    expect(await there.stored()).toMatchObject([{ action: "opened", hook_id: 0 }]);
    await there.worker.run(there.enqueued[0] ?? "");
    expect(there.worker.simulator.reviews(there.worker.repository.fullName, number)).toMatchObject([
      { commitId: head },
    ]);
  });
});
