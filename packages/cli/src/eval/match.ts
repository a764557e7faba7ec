/** Which comment says which expected finding: indexes into both lists. */
export type Pair = readonly [comment: number, expected: number];

/**
 * As many pairs as there can be, each comment in one and each expected finding in one: else a comment on a whole file
 * would find all of it, and ten comments on a line would each be right.
 *
 * @param fits whether a comment and an expected finding can be a pair
 */
export function matchPairs(
  comments: number,
  expected: number,
  fits: (comment: number, expected: number) => boolean,
): Pair[] {
  const commentOf = new Map<number, number>();
  // Kuhn's algorithm: who is in the way takes another place, where there is one.
  const place = (comment: number, seen: Set<number>): boolean => {
    for (let at = 0; at < expected; at += 1) {
      if (seen.has(at) || !fits(comment, at)) continue;
      seen.add(at);
      const holder = commentOf.get(at);
      if (holder !== undefined && !place(holder, seen)) continue;
      commentOf.set(at, comment);
      return true;
    }
    return false;
  };
  for (let comment = 0; comment < comments; comment += 1) place(comment, new Set());
  return [...commentOf].map(([at, comment]): Pair => [comment, at]).toSorted((a, b) => a[0] - b[0]);
}
