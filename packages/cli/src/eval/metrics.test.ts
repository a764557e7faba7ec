import { describe, expect, test } from "vitest";
import { matchPairs } from "./match.ts";
import { figuresOf, meanRows, type Scored, tallyRows } from "./metrics.ts";

const cases: Scored[] = [
  {
    language: "Go",
    comments: [{ severity: "critical" }, { severity: "minor" }],
    expected: [{ severity: "moderate" }, { severity: "critical" }, {}],
    pairs: [[0, 0]],
  },
  { language: "Rust", comments: [{ severity: "minor" }], expected: [{ severity: "minor" }], pairs: [[0, 0]] },
];

describe("figures", () => {
  test("all cases, each severity and each language are counted", () => {
    const rows = Object.fromEntries(tallyRows(cases).map(({ name, tally }) => [name, tally]));
    expect(rows).toEqual({
      all: { comments: 3, expected: 4, right: 2, found: 2 },
      // Graded critical by the review, and moderate by whoever expected it: right in one row, found in the other.
      critical: { comments: 1, expected: 1, right: 1, found: 0 },
      moderate: { comments: 0, expected: 1, right: 0, found: 1 },
      minor: { comments: 2, expected: 1, right: 1, found: 1 },
      Go: { comments: 2, expected: 3, right: 1, found: 1 },
      Rust: { comments: 1, expected: 1, right: 1, found: 1 },
    });
  });

  test("precision is of the comments, recall of what was expected, and F1 is their harmonic mean", () => {
    const figures = figuresOf({ comments: 4, expected: 8, right: 2, found: 2 });
    expect(figures).toEqual({ precision: 0.5, recall: 0.25, f1: 1 / 3 });
  });

  test("what cannot be divided is not called 0 or 1", () => {
    const none = { comments: 0, expected: 0, right: 0, found: 0 };
    expect(figuresOf(none)).toEqual({ precision: undefined, recall: undefined, f1: undefined });
    expect(figuresOf({ ...none, comments: 2, expected: 3 })).toEqual({ precision: 0, recall: 0, f1: 0 });
  });

  test("the mean of draws counts those too in which a row has nothing", () => {
    const row = (found: number) => [
      { name: "all", tally: { comments: 2, expected: 4, right: found, found } },
    ];
    expect(meanRows([row(0), row(1)])[0]?.tally).toEqual({
      comments: 2,
      expected: 4,
      right: 0.5,
      found: 0.5,
    });
    expect(meanRows([row(2), []])[0]?.tally).toEqual({ comments: 1, expected: 2, right: 1, found: 1 });
  });
});

describe("pairs of comments and expected findings", () => {
  const fits = (table: readonly (readonly number[])[]) => (comment: number, expected: number) =>
    table[comment]?.includes(expected) ?? false;

  test("are as many as there can be: who fits only in one place gets it", () => {
    expect(matchPairs(2, 2, fits([[0, 1], [0]]))).toEqual([
      [0, 1],
      [1, 0],
    ]);
  });

  test("one comment finds one finding, and one finding is found once", () => {
    expect(matchPairs(1, 3, fits([[0, 1, 2]]))).toHaveLength(1);
    expect(matchPairs(3, 1, fits([[0], [0], [0]]))).toHaveLength(1);
    expect(matchPairs(2, 2, fits([[], []]))).toEqual([]);
  });
});
