import { severities, type Severity } from "@nectr/review";
import type { Pair } from "./match.ts";

/** One case, reduced to what is counted. */
export interface Scored {
  readonly language: string;
  readonly comments: readonly { readonly severity: Severity }[];
  readonly expected: readonly { readonly severity?: Severity }[];
  readonly pairs: readonly Pair[];
}

/** What is counted; of a random control the mean of many draws. */
export interface Tally {
  readonly comments: number;
  readonly expected: number;
  /** Comments that say what was expected, and expected findings that a comment says. */
  readonly right: number;
  readonly found: number;
}

/** The usual three; undefined where there is nothing to divide by. */
export interface Figures {
  readonly precision: number | undefined;
  readonly recall: number | undefined;
  readonly f1: number | undefined;
}

export interface Row {
  /** `all`, a severity, or a language. */
  readonly name: string;
  readonly tally: Tally;
}

/**
 * Counts cases: all of them, by severity and by language. In a severity's row stand the comments of that severity (for
 * precision) and the expected findings of that severity (for recall): the two need not agree on it.
 */
export function tallyRows(cases: readonly Scored[]): Row[] {
  const languages = [...new Set(cases.map(({ language }) => language))].toSorted();
  return [
    { name: "all", tally: tally(cases) },
    ...severities.map((severity) => ({ name: severity, tally: tally(cases, severity) })),
    ...languages.map((language) => ({
      name: language,
      tally: tally(cases.filter((each) => each.language === language)),
    })),
  ].filter(({ tally: { comments, expected } }) => comments + expected > 0);
}

function tally(cases: readonly Scored[], severity?: Severity): Tally {
  const counts = (item: { readonly severity?: Severity } | undefined) =>
    item !== undefined && (severity === undefined || item.severity === severity);
  const sum = (of: (each: Scored) => number) => cases.reduce((total, each) => total + of(each), 0);
  return {
    comments: sum((each) => each.comments.filter(counts).length),
    expected: sum((each) => each.expected.filter(counts).length),
    right: sum(({ pairs, comments }) => pairs.filter(([comment]) => counts(comments[comment])).length),
    found: sum(({ pairs, expected }) => pairs.filter(([, at]) => counts(expected[at])).length),
  };
}

/** The mean of several counts of the same rows. */
export function meanRows(draws: readonly (readonly Row[])[]): Row[] {
  const byName = Map.groupBy(draws.flat(), ({ name }) => name);
  return [...byName].map(([name, rows]) => {
    const mean = (of: (row: Tally) => number) =>
      rows.reduce((total, { tally: each }) => total + of(each), 0) / draws.length;
    return {
      name,
      tally: {
        comments: mean((each) => each.comments),
        expected: mean((each) => each.expected),
        right: mean((each) => each.right),
        found: mean((each) => each.found),
      },
    };
  });
}

export function figuresOf({ comments, expected, right, found }: Tally): Figures {
  const precision = comments === 0 ? undefined : right / comments;
  const recall = expected === 0 ? undefined : found / expected;
  if (precision === undefined || recall === undefined) return { precision, recall, f1: undefined };
  const f1 = precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall);
  return { precision, recall, f1 };
}
