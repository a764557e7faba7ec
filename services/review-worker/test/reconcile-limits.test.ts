import { sql } from "kysely";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type ReconciliationUnderTest, startReconciliation } from "./reconciliation-under-test.ts";

let there: ReconciliationUnderTest;
beforeEach(async () => {
  there = await startReconciliation();
});
afterEach(async () => {
  expect(there.worker.simulator.violations()).toEqual([]);
  await there[Symbol.asyncDispose]();
});

const requestsOf = (login: string) =>
  there.worker.simulator.requests().filter(({ user }) => user === login).length;

describe("one user's trouble", () => {
  let theirs: { fullName: string; number: number };
  beforeEach(async () => {
    theirs = await there.addRepository("hubot", "tools");
    there.receiver.mode = "down";
    const { number } = await there.openPull();
    await there.comment(there.worker.repository.fullName, number, 2);
    await there.comment(theirs.fullName, theirs.number, 2);
    there.receiver.mode = "up";
    // Of the first repository, octocat alone.
    await there.worker.db
      .deleteFrom("installations")
      .where("repository_id", "=", there.worker.repository.id)
      .where("user_id", "in", (e) => e.selectFrom("users").select("id").where("login", "=", "hubot"))
      .execute();
  });
  const recoveredOf = async (fullName: string) => (await there.repository(fullName)).reconciled_at !== null;

  test("at a limit leaves them in peace until the reset, and stops nobody else", async () => {
    await there.addRepository("octocat", "second");
    const before = requestsOf("octocat");
    const lift = there.worker.simulator.faults.add({
      user: "octocat",
      effect: { kind: "primary-limit", resetInSeconds: 2 },
    });
    const limited = there.create();
    await there.turn(limited);
    const refused = requestsOf("octocat") - before;
    expect(refused).toBeLessThanOrEqual(2);
    await there.turnOfAll(limited);
    await there.turn(limited);
    expect(requestsOf("octocat") - before).toBe(refused);
    expect(await recoveredOf(theirs.fullName)).toBe(true);
    const { reconcile_at: next } = await there.repository();
    expect(next.getTime()).toBeGreaterThan(Date.now());
    lift();
    await expect
      .poll(async () => {
        await there.turn(limited);
        return await recoveredOf(there.worker.repository.fullName);
      })
      .toBe(true);
    expect(there.asked()).toHaveLength(5);
  });

  test("requests that are kept for reviews are not taken", async () => {
    const before = requestsOf("octocat");
    const sparing = there.create({ limits: { reserve: 4_999 } });
    await there.turn(sparing);
    expect(there.outcomes).toEqual(["limited", "limited"]);
    expect(requestsOf("octocat") - before).toBe(1);
    await there.turnOfAll(sparing);
    expect(requestsOf("octocat") - before).toBe(1);
    expect((await there.repository()).reconcile_at.getTime()).toBeGreaterThan(Date.now() + 50 * 60_000);
  });

  test("no more redeliveries are asked for in an hour than the user's share of writes", async () => {
    const frugal = there.create({ limits: { asksAnHour: 2 } });
    for (let round = 0; round < 4; round += 1) {
      await there.turnOfAll(frugal);
    }
    expect(there.asked().filter((path) => path.includes(there.worker.repository.fullName))).toHaveLength(2);
    await there.worker.db
      .updateTable("redeliveries")
      .set({ asked_at: sql<Date>`asked_at - interval '1 hour'` })
      .execute();
    await there.turnOfAll(frugal);
    expect(there.asked().filter((path) => path.includes(there.worker.repository.fullName))).toHaveLength(3);
  });

  test("where nobody is an admin the pull requests are looked at all the same", async () => {
    there.worker.simulator.faults.add({
      path: new RegExp(`^/repos/${there.worker.repository.fullName}/hooks`),
      effect: { kind: "status", status: 404, when: "before" },
    });
    await there.turnAnHourLater();
    expect(there.outcomes).toContain("refused");
    expect(there.enqueued).toHaveLength(1);
    await there.turnsUntilQuiet();
    expect(await recoveredOf(theirs.fullName)).toBe(true);
    expect(await recoveredOf(there.worker.repository.fullName)).toBe(false);
  });

  test("a GitHub that fails is asked again, and then it is made up for", async () => {
    const lift = there.worker.simulator.faults.add({
      path: new RegExp(`^/repos/${there.worker.repository.fullName}/`),
      effect: { kind: "status", status: 502, when: "before" },
    });
    await there.turnsUntilQuiet();
    expect(there.outcomes).toContain("failed");
    expect(await recoveredOf(theirs.fullName)).toBe(true);
    lift();
    await there.turnAnHourLater();
    await there.turnsUntilQuiet();
    expect(await recoveredOf(there.worker.repository.fullName)).toBe(true);
  });
});
