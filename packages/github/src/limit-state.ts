/**
 * What GitHub allows a user, over all their tokens and all our processes, and what of it is used: pure arithmetic, which
 * whoever keeps the state applies to it. Times are in milliseconds since 1970, all by one clock.
 * https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api
 */
export interface LimitState {
  /** GitHub wants silence until then. */
  readonly pausedUntil: number;
  /** Limits met in a row. */
  readonly strikes: number;
  /** When the allowance of points will be whole again, if nothing is taken from it meanwhile. */
  readonly pointsWholeAt: number;
  /** The same of writes. */
  readonly writesWholeAt: number;
  /** When the next write may begin: after the rest that follows one, or when the turn of one under way has run out. */
  readonly nextWriteAt: number;
  /** Number of the latest write: the turn is its own. */
  readonly latestWrite: number;
  /** The latest time at which somebody was told to come back for a write. */
  readonly lastRetryAt: number;
}

/** Of a user who has not asked for anything yet. */
export const unusedLimits: LimitState = {
  pausedUntil: 0,
  strikes: 0,
  pointsWholeAt: 0,
  writesWholeAt: 0,
  nextWriteAt: 0,
  latestWrite: 0,
  lastRetryAt: 0,
};

/** A request before it is sent. */
export interface LimitedRequest {
  readonly write: boolean;
  /** It can wait: half of every allowance is left to others. */
  readonly unhurried: boolean;
  /** How long it may still be waited for. */
  readonly patienceMs: number;
  /** Heed the pauses that GitHub asked for, and nothing else: for a server of one's own. */
  readonly pausesOnly: boolean;
}

/** The permission for one request. */
export interface Turn {
  /** Of a write, its number. */
  readonly write: number | undefined;
  /** It comes after a limit was met: if it succeeds, that is over. */
  readonly afterStrikes: boolean;
}

/** What becomes of a request: it goes out, asks again in a moment, or has to be parked. */
export type TurnDecision =
  | { readonly kind: "go"; readonly turn: Turn }
  | { readonly kind: "wait"; readonly ms: number }
  | { readonly kind: "later"; readonly ms: number; readonly why: "paused" | "used-up" };

/** How a request ended. */
export interface RequestEnd {
  readonly outcome: "succeeded" | "failed" | "limited";
  /** How long GitHub wants silence, as far as its answer says. */
  readonly pauseMs: number | undefined;
}

/** A bucket: holds so much, and fills at that rate. */
interface Allowance {
  readonly holds: number;
  readonly msPerUnit: number;
}

/**
 * A bucket lets through, within any time, what it holds and what flows in meanwhile. A request may be on its way for
 * 30 s, so what arrives within a minute began within a minute and a half: 450 + 450 of GitHub's 900 points.
 */
const points: Allowance = { holds: 450, msPerUnit: 60_000 / 300 };
/** In an hour and 30 s 492 of GitHub's 500. Its 80 a minute are kept by the second between two. */
const writes: Allowance = { holds: 240, msPerUnit: 3_600_000 / 250 };
const readPoints = 1;
const writePoints = 5;
/** What unhurried work leaves of each. */
const leftToOthers = 0.5;
/** GitHub wants a second between writes; its clock and ours tick differently. */
const restAfterWriteMs = 1_100;
/** How long a process that died keeps the turn to write; one that lives extends it well before. */
export const writeTurnMs = 5_000;
/** How soon to ask again for the turn to write: nobody knows when a write under way will end. */
const askAgainMs = 250;
/** After a limit that names no time; doubled each time that it is met again. */
const firstPauseMs = 60_000;
const longestPauseMs = 15 * 60_000;
/** No pause that GitHub asks for is longer: it counts by the hour. */
const farthestResetMs = 2 * 3_600_000;
const longestLineMs = 3_600_000;

/** Decides about a request, and takes from the allowances what it needs if it goes out. */
export function beginRequest(
  before: LimitState,
  now: number,
  request: LimitedRequest,
): { state: LimitState; decision: TurnDecision } {
  const state = upToClock(before, now);
  const pauseMs = Math.max(0, state.pausedUntil - now);
  const afterStrikes = state.strikes > 0;
  if (request.pausesOnly) {
    return pauseMs > 0
      ? { state, decision: { kind: "later", ms: pauseMs, why: "paused" } }
      : { state, decision: { kind: "go", turn: { write: undefined, afterStrikes } } };
  }
  const after = { ...state, ...spent(state, now, request.write) };
  const reserve = request.unhurried ? leftToOthers : 0;
  const pointsMs = lacking(points, after.pointsWholeAt - now, reserve);
  const writesMs = request.write ? lacking(writes, after.writesWholeAt - now, reserve) : 0;
  const turnMs = request.write ? Math.min(askAgainMs, Math.max(0, state.nextWriteAt - now)) : 0;
  const ms = Math.max(pauseMs, pointsMs, writesMs, turnMs);
  if (ms === 0) {
    const write = request.write ? after.latestWrite : undefined;
    return { state: after, decision: { kind: "go", turn: { write, afterStrikes } } };
  }
  if (ms <= request.patienceMs) return { state, decision: { kind: "wait", ms } };
  if (ms === pauseMs) return { state, decision: { kind: "later", ms, why: "paused" } };
  if (ms !== writesMs) return { state, decision: { kind: "later", ms, why: "used-up" } };
  // Writes flow in one by one. Whoever waits for one gets a time of their own, or all would come back at once, to
  // spend more requests on being sent away again than their work takes.
  const line = Math.max(now + ms, state.lastRetryAt + writes.msPerUnit);
  const lastRetryAt = Math.min(line, now + longestLineMs);
  const decision = { kind: "later", ms: lastRetryAt - now, why: "used-up" } as const;
  return { state: { ...state, lastRetryAt }, decision };
}

/** Keeps the turn of a write that is still under way. */
export function extendWrite(state: LimitState, now: number, { write }: Turn): LimitState {
  return write === state.latestWrite ? { ...state, nextWriteAt: now + writeTurnMs } : state;
}

/** Whether the end of a request changes anything. */
export function isWorthNoting({ write, afterStrikes }: Turn, { outcome, pauseMs }: RequestEnd): boolean {
  const over = outcome === "succeeded" && afterStrikes;
  return write !== undefined || pauseMs !== undefined || outcome === "limited" || over;
}

/** Gives the turn to write back, and notes what GitHub said of limits. */
export function endRequest(
  before: LimitState,
  now: number,
  turn: Turn,
  { outcome, pauseMs }: RequestEnd,
): LimitState {
  const limited = outcome === "limited";
  const met = outcome === "succeeded" && turn.afterStrikes ? 0 : before.strikes;
  // Requests that were out together meet a limit together: that is one strike, and the pause is on already.
  const struck = limited && before.pausedUntil <= now;
  const growing = struck ? Math.min(firstPauseMs * 2 ** met, longestPauseMs) : undefined;
  const pause = pauseMs ?? growing;
  return {
    ...before,
    nextWriteAt: nextWriteAfter(before, now, turn),
    strikes: struck ? met + 1 : met,
    pausedUntil: pause === undefined ? before.pausedUntil : Math.max(before.pausedUntil, now + pause),
  };
}

function nextWriteAfter({ nextWriteAt, latestWrite }: LimitState, now: number, { write }: Turn): number {
  if (write === undefined) return nextWriteAt;
  const rested = now + restAfterWriteMs;
  // Its turn had run out, and another's write may be under way.
  return write === latestWrite ? rested : Math.max(nextWriteAt, rested);
}

function spent(state: LimitState, now: number, write: boolean): Partial<LimitState> {
  const pointsWholeAt = wholeAfter(points, state.pointsWholeAt, now, write ? writePoints : readPoints);
  if (!write) return { pointsWholeAt };
  return {
    pointsWholeAt,
    writesWholeAt: wholeAfter(writes, state.writesWholeAt, now, 1),
    nextWriteAt: now + writeTurnMs,
    latestWrite: state.latestWrite + 1,
  };
}

function wholeAfter({ msPerUnit }: Allowance, wholeAt: number, now: number, units: number): number {
  return Math.max(wholeAt, now) + units * msPerUnit;
}

/** How long until the bucket, whole in so many milliseconds, would have had enough. @param reserve the part that stays in it */
function lacking({ holds, msPerUnit }: Allowance, wholeInMs: number, reserve: number): number {
  return Math.max(0, wholeInMs - holds * (1 - reserve) * msPerUnit);
}

/** Nothing lies further ahead than it can: a clock that was set back must not keep anybody out. */
function upToClock(state: LimitState, now: number): LimitState {
  return {
    ...state,
    pausedUntil: Math.min(state.pausedUntil, now + farthestResetMs),
    pointsWholeAt: Math.min(state.pointsWholeAt, now + points.holds * points.msPerUnit),
    writesWholeAt: Math.min(state.writesWholeAt, now + writes.holds * writes.msPerUnit),
    nextWriteAt: Math.min(state.nextWriteAt, now + writeTurnMs),
    lastRetryAt: Math.min(state.lastRetryAt, now + longestLineMs),
  };
}
