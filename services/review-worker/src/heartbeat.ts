/**
 * Calls `renew` again and again, but never while the last call is under way: a database that is slow, or keeps a row
 * locked, would else be asked on ever more connections, until none is left for the work itself.
 * @param intervalMs how long after the beginning of one call the next begins, at the least.
 * @returns what stops it.
 */
export function startHeartbeat(
  intervalMs: number,
  renew: () => Promise<unknown>,
  onError: (error: unknown) => void,
): () => void {
  let underWay = false;
  const beat = async (): Promise<void> => {
    if (underWay) return;
    underWay = true;
    try {
      await renew();
    } finally {
      underWay = false;
    }
  };
  const timer = setInterval(() => void beat().catch(onError), intervalMs);
  return () => clearInterval(timer);
}
