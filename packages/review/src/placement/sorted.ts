/** Where in `sorted` the last element is for which `holds` is true, if it is true for a beginning of it; -1 for none. */
export function lastIndexWhere<T>(sorted: readonly T[], holds: (each: T) => boolean): number {
  let before = 0;
  let after = sorted.length;
  while (before < after) {
    const middle = (before + after) >> 1;
    const each = sorted[middle];
    if (each !== undefined && holds(each)) before = middle + 1;
    else after = middle;
  }
  return before - 1;
}

/** The number of `sorted` that is nearest to `number`, of those from `start` to `end`; the lower of two. */
export function nearestNumber(
  sorted: readonly number[],
  number: number,
  { start, end }: { readonly start: number; readonly end: number },
): number | undefined {
  const at = lastIndexWhere(sorted, (each) => each <= number);
  const [below, above] = [sorted[at], sorted[at + 1]].map((each) =>
    each !== undefined && start <= each && each <= end ? each : undefined,
  );
  if (below === undefined || above === undefined) return below ?? above;
  return above - number < number - below ? above : below;
}
