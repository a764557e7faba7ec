/** How long the model has been away for a review. */
export interface Outage {
  /** Calls that failed because of it. */
  readonly failures: number;
  /** How long the failed calls took and the review waited between them, in milliseconds. What else held it up is no part of it. */
  readonly lostMs: number;
}

export const noOutage: Outage = { failures: 0, lostMs: 0 };

/** How soon the model is asked again; twice as long after each failure. */
const wait = { leastMs: 15_000, mostMs: 240_000 };
/** For how long in all. A review by the analysers that comes after it is better than one that never comes. */
export const patienceMs = 8 * 60_000;

/**
 * What comes of one more call that failed because the model is away.
 * @param failed.tookMs how long the call took.
 * @param failed.retryAfterMs how long the provider asks to be left in peace; heeded as far as patience goes.
 * @returns the outage with this call and the wait after it; without `delayMs`, patience is at its end.
 */
export function waitOut(
  { failures, lostMs }: Outage,
  failed: { readonly tookMs: number; readonly retryAfterMs: number | undefined },
): { readonly outage: Outage; readonly delayMs?: number } {
  const soFar = { failures: failures + 1, lostMs: lostMs + failed.tookMs };
  const left = patienceMs - soFar.lostMs;
  if (left <= 0) return { outage: soFar };
  const growing = Math.min(wait.mostMs, wait.leastMs * 2 ** failures);
  const delayMs = Math.min(left, Math.max(growing, failed.retryAfterMs ?? 0));
  return { outage: { ...soFar, lostMs: soFar.lostMs + delayMs }, delayMs };
}

/** The model does not answer, and may do so later: the review waits, and holds nothing meanwhile. */
export class ModelAway extends Error {
  override readonly name = "ModelAway";
  readonly delayMs: number;

  constructor(delayMs: number) {
    super("the model does not answer");
    this.delayMs = delayMs;
  }
}
