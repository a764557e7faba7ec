import { expect, test } from "vitest";
import { decideRedeliveries, type KnownDelivery, mostAttempts } from "./decide-redeliveries.ts";

/** Minutes after some time. */
const at = (minute: number) => new Date(Date.UTC(2026, 0, 1, 0, minute));
const now = at(10_000);

const failed = (guid: string, minute: number, more: { id?: number; event?: string } = {}) => ({
  id: minute,
  guid,
  deliveredAt: at(minute),
  redelivery: false,
  event: "pull_request",
  action: "synchronize",
  ...more,
});
const known = (guid: string, more: Partial<KnownDelivery> = {}): KnownDelivery => ({
  guid,
  stored: undefined,
  asked: undefined,
  ...more,
});

function decide(record: Partial<Parameters<typeof decideRedeliveries>[0]>) {
  const decision = decideRedeliveries({
    failed: [],
    known: [],
    heardAt: at(9_000),
    now,
    settleMs: 60_000,
    ...record,
  });
  const guids = (deliveries: typeof decision.ask) => deliveries.map(({ guid }) => guid);
  return { ...decision, missing: guids(decision.missing), ask: guids(decision.ask) };
}

test("what failed and is not here is asked for, oldest first, by its latest attempt", () => {
  const list = [failed("a", 30), failed("b", 20), failed("a", 10)];
  expect(decide({ failed: list })).toMatchObject({ missing: ["a", "b"], ask: ["a", "b"], probe: false });
  const { ask } = decideRedeliveries({
    failed: list,
    known: [],
    heardAt: at(40),
    now,
    settleMs: 60_000,
  });
  expect(ask[0]).toMatchObject({ id: 30, deliveredAt: at(10) });
});

test("what is here is not asked for, whatever GitHub saw, and neither is a ping", () => {
  const stored = { failed: false, finishedAt: null };
  expect(
    decide({
      failed: [failed("a", 10), failed("p", 11, { event: "ping" })],
      known: [known("a", { stored })],
    }),
  ).toMatchObject({ missing: [], ask: [] });
});

test("an event that failed for good is delivered again once", () => {
  const stored = { failed: true, finishedAt: at(50) };
  const list = [failed("a", 10)];
  expect(decide({ failed: list, known: [known("a", { stored })] }).ask).toEqual(["a"]);
  const asked = { attempts: 1, at: at(40) };
  expect(decide({ failed: list, known: [known("a", { stored, asked })] }).missing).toEqual([]);
});

test("a receiver that may be away is asked to take one, and each delivery in its turn is that one", () => {
  const list = [failed("c", 30), failed("b", 20), failed("a", 10)];
  const deaf = { failed: list, heardAt: at(5) };
  expect(decide(deaf)).toMatchObject({ ask: ["a"], probe: true });
  expect(decide({ ...deaf, heardAt: undefined })).toMatchObject({ ask: ["a"], probe: true });
  const first = known("a", { asked: { attempts: 0, at: at(100) } });
  expect(decide({ ...deaf, known: [first] })).toMatchObject({ ask: ["b"], probe: true });
  const second = known("b", { asked: { attempts: 0, at: at(200) } });
  expect(decide({ ...deaf, known: [first, second] })).toMatchObject({ ask: ["c"], probe: true });
});

test("while one is on its way, no other is sent after it; once it has arrived, all are", () => {
  const askedAt = new Date(now.getTime() - 30_000);
  const list = [failed("b", 20), failed("a", 10)];
  const on = [known("a", { asked: { attempts: 0, at: askedAt } })];
  expect(decide({ failed: list, known: on })).toMatchObject({ ask: [], awaitedSince: askedAt });
  const there = [known("a", { asked: on[0]?.asked, stored: { failed: false, finishedAt: null } })];
  expect(decide({ failed: list, known: there, heardAt: now })).toMatchObject({ ask: ["b"], probe: false });
});

test("one that does not arrive though others do is asked for at doubling intervals, and then given up", () => {
  const after = (attempts: number, minutes: number) =>
    decide({
      failed: [failed("a", 10)],
      known: [known("a", { asked: { attempts, at: new Date(now.getTime() - minutes * 60_000) } })],
      heardAt: now,
    });
  expect(after(1, 9).ask).toEqual([]);
  expect(after(1, 10).ask).toEqual(["a"]);
  expect(after(3, 39)).toMatchObject({ missing: ["a"], ask: [] });
  expect(after(3, 40).ask).toEqual(["a"]);
  expect(after(mostAttempts, 9_000)).toMatchObject({ missing: [], ask: [], givenUp: 1 });
});
