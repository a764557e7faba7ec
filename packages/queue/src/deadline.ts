import { QueueUnavailableError, toError } from "./errors.ts";

/** Whether `work` ended, in whatever way, within `ms` milliseconds. */
export async function endsWithin(ms: number, work: Promise<unknown>): Promise<boolean> {
  const { promise: timeUp, resolve } = Promise.withResolvers<false>();
  const timer = setTimeout(() => resolve(false), ms);
  const ended = work.then(
    () => true as const,
    () => true as const,
  );
  try {
    return await Promise.race([ended, timeUp]);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * The backend's answer to `work`.
 *
 * @throws QueueUnavailableError when it fails, or takes longer than `ms` milliseconds
 */
export async function answerWithin<T>(ms: number, work: Promise<T>): Promise<T> {
  if (!(await endsWithin(ms, work)))
    throw new QueueUnavailableError(`The queue gave no answer within ${ms} ms`);
  try {
    return await work;
  } catch (error) {
    throw new QueueUnavailableError(`The queue failed: ${toError(error).message}`, { cause: error });
  }
}
