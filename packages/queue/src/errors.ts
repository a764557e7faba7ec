/**
 * The backend did not answer, or not in time. A job that was being added may have been added all the same,
 * which its id makes harmless to do again.
 */
export class QueueUnavailableError extends Error {
  override readonly name = "QueueUnavailableError";
}

/** A payload does not fit its queue. The message names the fields at fault, and no values. */
export class PayloadError extends Error {
  override readonly name = "PayloadError";
}

/** The reason of an aborted signal: the job may be another worker's by now. */
export class LockLostError extends Error {
  override readonly name = "LockLostError";
}

/** The reason of an aborted signal: the consumer stops, and the grace is over. */
export class StoppedError extends Error {
  override readonly name = "StoppedError";
}

/** Whatever was thrown, as an Error. */
export function toError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown), { cause: thrown });
}
