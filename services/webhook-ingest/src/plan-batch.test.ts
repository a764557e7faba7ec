import { expect, test } from "vitest";
import { toArrival } from "./arrival.ts";
import { allDiffer, type Known, planBatch } from "./plan-batch.ts";

// What it comes to is held against one-by-one storing in `test/batch.property.test.ts`; here, that a batch of what is
// usual needs no transaction for each.

const pushed = (guid: string, headSha: string, number = 1) =>
  toArrival(
    { guid, hookId: 1, name: "pull_request", signature: undefined, body: Buffer.alloc(0), form: false },
    {
      name: "pull_request",
      event: {
        kind: "review",
        action: "synchronize",
        repositoryId: 42,
        fullName: "octocat/shop",
        number,
        headSha,
      },
    },
  );

const unknown = (eventId: string): Known => ({ eventId, delivered: undefined, held: undefined });

test("new events are written, whatever number are of one pull request", () => {
  const steps = planBatch(
    [pushed("1", "a"), pushed("2", "b"), pushed("3", "c")],
    ["x", "y", "z"].map(unknown),
  );
  expect(steps.map(({ kind }) => kind)).toEqual(["write", "write", "write"]);
});

test("an identical event is written as a duplicate of the one before it, and the same delivery only answered", () => {
  const arrivals = [pushed("1", "b"), pushed("2", "a"), pushed("3", "a"), pushed("2", "a")];
  const steps = planBatch(arrivals, ["w", "x", "y", "z"].map(unknown));
  expect(steps).toMatchObject([
    { kind: "write", stored: { status: "queued", eventId: "w" } },
    { kind: "write", stored: { status: "queued", eventId: "x" } },
    { kind: "write", stored: { status: "duplicate", eventId: "x" }, row: { duplicateOf: "x", key: null } },
    { kind: "answer", stored: { status: "duplicate", eventId: "x" } },
  ]);
});

test("a duplicate of what was stored before needs nothing else, and what takes over goes alone", () => {
  const held = (free: boolean): Known => ({ ...unknown("y"), held: { eventId: "x", free } });
  expect(planBatch([pushed("2", "a")], [held(false)])).toMatchObject([
    { kind: "write", row: { duplicateOf: "x" }, stored: { status: "duplicate", eventId: "x" } },
  ]);
  expect(planBatch([pushed("2", "a")], [held(true)])).toEqual([{ kind: "alone" }]);
});

test("only what goes alone holds back its pull request, and no other", () => {
  const arrivals = [pushed("1", "a"), pushed("2", "b"), pushed("3", "b", 2)];
  const failed: Known = { ...unknown("x"), delivered: { eventId: "w", failed: true } };
  const steps = planBatch(arrivals, [failed, unknown("y"), unknown("z")]);
  expect(steps.map(({ kind }) => kind)).toEqual(["alone", "alone", "write"]);
});

test("a batch with the same delivery or the same wish twice is not all different", () => {
  expect(allDiffer([pushed("1", "a"), pushed("2", "b")])).toBe(true);
  expect(allDiffer([pushed("1", "a"), pushed("1", "b")])).toBe(false);
  expect(allDiffer([pushed("1", "a"), pushed("2", "a")])).toBe(false);
});
