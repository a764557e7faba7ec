/** Does a user's writes one after another, with a pause after each. */
export type InTurn = (userId: number | undefined, write: () => Promise<void>) => Promise<void>;

/** @param pause ends early where the signal is aborted. */
export function createWritesInTurn(
  pause: (stop: AbortSignal) => Promise<void>,
): (stop: AbortSignal) => InTurn {
  const last = new Map<number | undefined, Promise<void>>();
  return (stop) => async (userId, write) => {
    const before = last.get(userId);
    const writing = (async () => {
      await before;
      stop.throwIfAborted();
      await write();
    })();
    last.set(userId, restAfter(writing, stop));
    await writing;
  };

  /** How it ended is the business of whoever began it. */
  async function restAfter(writing: Promise<void>, stop: AbortSignal): Promise<void> {
    await Promise.allSettled([writing]);
    await Promise.allSettled([pause(stop)]);
  }
}
