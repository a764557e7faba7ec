import { sql } from "kysely";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { injection } from "./changes.ts";
import { type ReconciliationUnderTest, startReconciliation } from "./reconciliation-under-test.ts";

let there: ReconciliationUnderTest;
beforeEach(async () => {
  there = await startReconciliation();
});
afterEach(async () => {
  expect(there.worker.simulator.violations()).toEqual([]);
  await there[Symbol.asyncDispose]();
});

const reviews = (number: number) => there.worker.simulator.reviews(there.worker.repository.fullName, number);

/** On GitHub and here: a second one that finds nothing new would be paid for all the same. */
async function expectOneReview(number: number): Promise<void> {
  expect(reviews(number)).toHaveLength(1);
  expect(there.worker.simulator.comments(there.worker.repository.fullName, number)).toHaveLength(1);
  expect(await there.worker.db.selectFrom("reviews").select("status").execute()).toEqual([
    { status: "posted" },
  ]);
}

describe("the heads of open pull requests", () => {
  const setActive = (active: boolean) =>
    there.worker.atGitHub("octocat", "PATCH", `/hooks/${there.hookId}`, {
      active,
      config: { url: there.receiver.url, content_type: "json", secret: "0123456789abcdef" },
    });

  test("that GitHub never delivered are found, once", async () => {
    await setActive(false);
    const { number, head } = await there.openPull();
    await setActive(true);
    await there.turn();
    // So new that a webhook may be on its way.
    expect(there.enqueued).toEqual([]);
    await there.turnAnHourLater();
    expect(there.enqueued).toHaveLength(1);
    expect(there.recovered).toEqual({ redelivery: 0, poll: 1 });
    await there.worker.run(there.enqueued[0] ?? "");
    expect(reviews(number)).toMatchObject([{ commitId: head }]);
    await there.turnAnHourLater();
    expect(there.enqueued).toHaveLength(1);
    expect(there.asked()).toEqual([]);
  });

  test("of before the repository was connected are left alone", async () => {
    await setActive(false);
    await there.openPull();
    await there.worker.db
      .updateTable("installations")
      .set({ created_at: sql<Date>`now() + interval '1 minute'` })
      .execute();
    await there.turnAnHourLater();
    expect(there.outcomes).toEqual(["complete"]);
    expect(there.enqueued).toEqual([]);
  });

  test("are reviewed once where the delivery comes after all", async () => {
    there.receiver.mode = "down";
    const { number, head } = await there.openPull();
    await there.worker.simulator.deliveriesSettled();
    await there.turn();
    await there.turnAnHourLater();
    expect(there.enqueued).toHaveLength(1);
    await there.worker.run(there.enqueued[0] ?? "");
    expect(reviews(number)).toMatchObject([{ commitId: head }]);
    there.receiver.mode = "up";
    await there.turnAnHourLater();
    await there.turnsUntilQuiet();
    const late = (await there.stored()).find(({ status }) => status === "pending");
    expect(late).toMatchObject({ action: "opened", status: "pending" });
    await there.worker.run(late?.event_id ?? "");
    expect(await there.worker.event(late?.event_id ?? "")).toMatchObject({ status: "completed" });
    await expectOneReview(number);
  });

  test("are not reviewed again where an older delivery comes after all", async () => {
    there.receiver.mode = "down";
    const { number } = await there.openPull();
    const second = await there.worker.push("change", { "src/more.js": injection });
    await there.worker.simulator.deliveriesSettled();
    await there.turn();
    await there.turnAnHourLater();
    await there.worker.run(there.enqueued[0] ?? "");
    expect(reviews(number)).toMatchObject([{ commitId: second }]);
    there.receiver.mode = "up";
    await there.turnAnHourLater();
    await there.turnsUntilQuiet();
    const late = (await there.stored()).filter(({ status }) => status === "pending");
    expect(late).toHaveLength(2);
    // In their order: which of them waits for the other is theirs to find out.
    const runAll = async () => {
      for (const { event_id: eventId } of late) await there.worker.run(eventId);
      return await Promise.all(late.map(async (event) => (await there.worker.event(event.event_id)).status));
    };
    await expect
      .poll(runAll)
      .toEqual([
        expect.stringMatching(/completed|superseded/),
        expect.stringMatching(/completed|superseded/),
      ]);
    await expectOneReview(number);
  });
});
