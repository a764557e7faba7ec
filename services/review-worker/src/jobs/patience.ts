/**
 * How long to wait before something is asked for again, in milliseconds: a quarter of the event's age, so that what is
 * soon over is soon noticed, and what lasts is asked for ever more rarely.
 */
export function patience(
  event: { readonly received_at: Date },
  { leastMs, mostMs }: { leastMs: number; mostMs: number },
): number {
  return Math.min(mostMs, Math.max(leastMs, ageMs(event) / 4));
}

/** By this machine's clock; negative where the database's is ahead. */
export function ageMs(event: { readonly received_at: Date }): number {
  return Date.now() - event.received_at.getTime();
}
