import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  beginRequest,
  endRequest,
  extendWrite,
  type LimitedRequest,
  type LimitState,
  type RequestEnd,
  type Turn,
  unusedLimits,
  writeTurnMs,
} from "./limit-state.ts";

const start = 1_700_000_000_000;
const patient: LimitedRequest = { write: false, unhurried: false, patienceMs: 10_000, pausesOnly: false };
const write: LimitedRequest = { ...patient, write: true };
const failed: RequestEnd = { outcome: "failed", pauseMs: undefined };
const limited = (pauseMs?: number): RequestEnd => ({ outcome: "limited", pauseMs });

/** A request as GitHub sees it: when it arrives, in milliseconds. */
interface Arrival {
  readonly at: number;
  readonly write: boolean;
}

/** Somebody who asks once more, `afterMs` after the one before, whatever that one was told. */
interface Step {
  readonly afterMs: number;
  readonly write: boolean;
  readonly unhurried: boolean;
  /** How long the request takes to arrive. A read may overtake and be overtaken. */
  readonly wayMs: number;
  /** Of a write: how long its answer takes from there, or `died`. */
  readonly answerMs: number | "died";
}

const step: fc.Arbitrary<Step> = fc.record({
  afterMs: fc.oneof(
    { weight: 6, arbitrary: fc.integer({ min: 0, max: 60 }) },
    { weight: 2, arbitrary: fc.integer({ min: 0, max: 1_500 }) },
    { weight: 1, arbitrary: fc.integer({ min: 0, max: 400_000 }) },
  ),
  write: fc.boolean(),
  unhurried: fc.boolean(),
  wayMs: fc.oneof(fc.integer({ min: 0, max: 200 }), fc.integer({ min: 0, max: 20_000 })),
  answerMs: fc.oneof(fc.integer({ min: 0, max: 10_000 }), fc.constant("died" as const)),
});

/** A pattern of steps, over and over: as much demand as a search for a breach needs. */
const demand = fc
  .tuple(fc.array(step, { minLength: 1, maxLength: 12 }), fc.integer({ min: 100, max: 1_500 }))
  .map(([steps, count]) => Array.from({ length: count }, (_, i) => steps[i % steps.length] as Step));

/** A write under way, which extends its turn until its answer is there. Who died does not, and had sent theirs. */
interface UnderWay {
  readonly turn: Turn;
  readonly endsAt: number;
  extendsAt: number;
}

function arrivalsOf(steps: readonly Step[]): Arrival[] {
  const arrivals: Arrival[] = [];
  let state: LimitState = unusedLimits;
  let now = start;
  let underWay: UnderWay | undefined;
  const passUntil = (time: number) => {
    for (let next = underWay; next && Math.min(next.endsAt, next.extendsAt) <= time; next = underWay) {
      const { turn, endsAt, extendsAt } = next;
      const ends = endsAt <= extendsAt;
      state = ends ? endRequest(state, endsAt, turn, failed) : extendWrite(state, extendsAt, turn);
      next.extendsAt += writeTurnMs / 4;
      if (ends) underWay = undefined;
    }
    now = time;
  };
  for (const { afterMs, wayMs, answerMs, ...asked } of steps) {
    passUntil(now + afterMs);
    const begun = beginRequest(state, now, { ...patient, ...asked });
    ({ state } = begun);
    if (begun.decision.kind !== "go") continue;
    if (!asked.write) {
      arrivals.push({ at: now + wayMs, write: false });
    } else if (answerMs === "died") {
      arrivals.push({ at: now + Math.min(wayMs, writeTurnMs - 1_000), write: true });
    } else {
      arrivals.push({ at: now + wayMs, write: true });
      const { turn } = begun.decision;
      underWay = { turn, endsAt: now + wayMs + answerMs, extendsAt: now + writeTurnMs / 4 };
    }
  }
  return arrivals.toSorted((a, b) => a.at - b.at);
}

/** The most that any window of that length holds. */
function most(arrivals: readonly Arrival[], windowMs: number, weigh: (arrival: Arrival) => number): number {
  let [held, highest, first] = [0, 0, 0];
  for (const arrival of arrivals) {
    held += weigh(arrival);
    for (; arrival.at - (arrivals[first]?.at ?? 0) > windowMs; first += 1)
      held -= weigh(arrivals[first] as Arrival);
    highest = Math.max(highest, held);
  }
  return highest;
}

function expectWithinLimits(arrivals: readonly Arrival[]): void {
  expect(most(arrivals, 60_000, (a) => (a.write ? 5 : 1))).toBeLessThanOrEqual(900);
  const writes = arrivals.filter((arrival) => arrival.write);
  const gaps = writes.slice(1).map(({ at }, i) => at - (writes[i]?.at ?? 0));
  expect(Math.min(...gaps, 1_000)).toBeGreaterThanOrEqual(1_000);
  expect(most(writes, 60_000, () => 1)).toBeLessThanOrEqual(80);
  expect(most(writes, 3_600_000, () => 1)).toBeLessThanOrEqual(500);
}

describe("whoever asks, in whatever order", () => {
  test("no window ever holds more than GitHub allows", () => {
    fc.assert(
      fc.property(demand, (steps) => expectWithinLimits(arrivalsOf(steps))),
      { numRuns: 300 },
    );
  });

  test.each([
    ["reads without a pause", { write: false, afterMs: 1, wayMs: 0 }, 20_000],
    ["reads that all arrive late", { write: false, afterMs: 5, wayMs: 29_999 }, 20_000],
    ["writes without a pause", { write: true, afterMs: 100, wayMs: 10 }, 80_000],
    ["writes that are answered at once", { write: true, afterMs: 10, wayMs: 0 }, 20_000],
    ["writes of which each is slow", { write: true, afterMs: 100, wayMs: 20_000 }, 40_000],
  ] as const)("%s", (_name, tried, times) => {
    const steps = Array.from({ length: times }, () => ({ ...tried, unhurried: false, answerMs: 0 }));
    expectWithinLimits(arrivalsOf(steps));
  });

  test("reads and writes together", () => {
    const asked = { afterMs: 5, wayMs: 0, unhurried: false, answerMs: 0 };
    expectWithinLimits(
      arrivalsOf(Array.from({ length: 20_000 }, (_, i) => ({ ...asked, write: i % 2 === 0 }))),
    );
  });

  test("most of what GitHub allows can be used", () => {
    const nonstop = (asked: Pick<Step, "write" | "afterMs">, times: number) =>
      arrivalsOf(
        Array.from({ length: times }, () => ({ ...asked, unhurried: false, wayMs: 0, answerMs: 10 })),
      );
    expect(most(nonstop({ write: false, afterMs: 10 }, 10_000), 60_000, () => 1)).toBeGreaterThan(700);
    expect(most(nonstop({ write: true, afterMs: 100 }, 40_000), 3_600_000, () => 1)).toBeGreaterThan(450);
    expect(most(nonstop({ write: true, afterMs: 10 }, 6_000), 60_000, () => 1)).toBeGreaterThan(45);
  });
});

/** What is decided at `now`, and the state after it. */
function ask(state: LimitState, now: number, request: LimitedRequest) {
  const begun = beginRequest(state, now, request);
  return { state: begun.state, ...begun.decision };
}

/** The state after asking until it was not let through any more. @returns it, and how often it was */
function exhaust(request: LimitedRequest, everyMs: number) {
  let [state, now, went] = [unusedLimits, start, 0];
  for (;;) {
    const asked = ask(state, now, { ...request, patienceMs: 0 });
    if (asked.kind !== "go") return { state, now, went };
    state = endRequest(asked.state, now, asked.turn, failed);
    now += everyMs;
    went += 1;
  }
}

test("unhurried work leaves half of each allowance to what is in a hurry", () => {
  for (const [request, everyMs] of [
    [patient, 0],
    [write, 1_100],
  ] as const) {
    const used = exhaust({ ...request, unhurried: true }, everyMs);
    const whole = exhaust(request, everyMs);
    expect(used.went).toBeLessThan(whole.went * 0.6);
    expect(ask(used.state, used.now, request).kind).toBe("go");
  }
});

test("a turn to write that was not given back runs out, and one that is extended does not", () => {
  const begun = ask(unusedLimits, start, write);
  if (begun.kind !== "go") throw new Error(begun.kind);
  expect(ask(begun.state, start + writeTurnMs - 1, write).kind).toBe("wait");
  expect(ask(begun.state, start + writeTurnMs, write).kind).toBe("go");
  const extended = extendWrite(begun.state, start + 4_000, begun.turn);
  expect(ask(extended, start + writeTurnMs, write).kind).toBe("wait");
  // Reads go on meanwhile.
  expect(ask(extended, start + 1, patient).kind).toBe("go");
});

test("whose turn has run out can't end another's", () => {
  const first = ask(unusedLimits, start, write);
  const second = ask(first.state, start + writeTurnMs, write);
  if (first.kind !== "go" || second.kind !== "go") throw new Error("not let through");
  const late = endRequest(second.state, start + writeTurnMs + 10, first.turn, failed);
  expect(ask(late, start + writeTurnMs + 2_000, write).kind).toBe("wait");
  expect(extendWrite(late, start + writeTurnMs + 4_000, first.turn)).toBe(late);
});

test("those who have to come back for a write come one by one", () => {
  const { state, now } = exhaust(write, 1_100);
  let after: LimitState = state;
  const times = Array.from({ length: 5 }, () => {
    const told = ask(after, now, { ...write, patienceMs: 0 });
    if (told.kind !== "later") throw new Error(told.kind);
    after = told.state;
    return told.ms;
  });
  expect(new Set(times.slice(1).map((ms, i) => ms - (times[i] ?? 0)))).toEqual(new Set([14_400]));
  const [first = 0] = times;
  expect(ask(state, now + first, write).kind).toBe("go");
});

test("a clock that is set back keeps nobody out for longer than an empty allowance does", () => {
  const { state, now } = exhaust(patient, 0);
  const asked = ask(state, now - 86_400_000, patient);
  expect(asked).toMatchObject({ kind: "wait", ms: 200 });
});

describe("pauses", () => {
  const turn: Turn = { write: undefined, afterStrikes: false };

  test("nothing goes out in one, and all goes on after it", () => {
    const state = endRequest(unusedLimits, start, turn, limited(20_000));
    for (const request of [patient, write, { ...patient, pausesOnly: true }]) {
      expect(ask(state, start + 1_000, request)).toMatchObject({ kind: "later", ms: 19_000, why: "paused" });
      expect(ask(state, start + 20_000, request).kind).toBe("go");
    }
    expect(ask(state, start + 15_000, patient)).toMatchObject({ kind: "wait", ms: 5_000 });
  });

  test("they grow while the limit is met, up to a quarter of an hour, and begin anew after a success", () => {
    let [state, now]: [LimitState, number] = [unusedLimits, start];
    const meet = () => {
      const asked = ask(state, now, patient);
      if (asked.kind !== "go") throw new Error(asked.kind);
      state = endRequest(asked.state, now, asked.turn, limited());
      const pause = (state.pausedUntil - now) / 1_000;
      now = state.pausedUntil;
      return pause;
    };
    expect(Array.from({ length: 6 }, meet)).toEqual([60, 120, 240, 480, 900, 900]);
    const asked = ask(state, now, patient);
    if (asked.kind !== "go") throw new Error(asked.kind);
    state = endRequest(asked.state, now, asked.turn, { outcome: "succeeded", pauseMs: undefined });
    expect(meet()).toBe(60);
  });

  test("requests that meet a limit together meet it once, and none shortens the pause", () => {
    const met = endRequest(unusedLimits, start, turn, limited());
    const again = endRequest(met, start + 50, turn, limited());
    expect(again).toEqual(met);
    expect(endRequest(met, start + 50, turn, limited(1_000))).toEqual(met);
    expect(endRequest(met, start + 50, turn, limited(90_000)).pausedUntil).toBe(start + 90_050);
    // One that was out before the limit was met ends well.
    expect(endRequest(met, start + 90, turn, { outcome: "succeeded", pauseMs: undefined })).toEqual(met);
  });
});
