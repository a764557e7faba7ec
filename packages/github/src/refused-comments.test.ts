import fc from "fast-check";
import { expect, test } from "vitest";
import { findRefusedComments } from "./refused-comments.ts";

/** GitHub's side: takes a set of comments when none of them is bad; counts how often it was asked. */
function judge(bad: ReadonlySet<number>) {
  const asked: (readonly number[])[] = [];
  return {
    asked,
    async accepts(indices: readonly number[]) {
      asked.push(indices);
      return !indices.some((index) => bad.has(index));
    },
  };
}

test("one bad comment of thirty is found in nine trials at most", async () => {
  for (let bad = 0; bad < 30; bad += 1) {
    const { asked, accepts } = judge(new Set([bad]));
    expect(await findRefusedComments(30, accepts)).toEqual([bad]);
    expect(asked.length).toBeLessThanOrEqual(9);
  }
});

test("all bad ones are named, a good one only when the trials run out", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 30 }),
      fc.array(fc.nat(29), { minLength: 1 }),
      async (count, picks) => {
        const bad = new Set(picks.map((pick) => pick % count));
        const { asked, accepts } = judge(bad);
        const refused = await findRefusedComments(count, accepts);
        expect(asked.length).toBeLessThanOrEqual(24);
        expect(asked.every((indices) => indices.length > 0)).toBe(true);
        expect(refused).toEqual([...new Set(refused)].toSorted((a, b) => a - b));
        expect(refused).toEqual(expect.arrayContaining([...bad]));
        if (asked.length < 24) expect(new Set(refused)).toEqual(bad);
      },
    ),
    { numRuns: 300 },
  );
});
