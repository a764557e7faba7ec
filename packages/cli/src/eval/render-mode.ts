import type { ReviewCost } from "@nectr/review";
import { costWords, count } from "../output/words.ts";
import { figuresOf, meanRows, type Row, type Scored, tallyRows } from "./metrics.ts";
import { drawComments, seededRandom } from "./random-control.ts";
import { type CaseResult, pairsByLine } from "./run-case.ts";
import { renderTable } from "./table.ts";

/** Draws of the random control, of which the mean is shown. */
const draws = 200;

export interface ModeHead {
  readonly kind: "analysers" | "model";
  readonly name: string;
  readonly judge?: string | undefined;
}

/** One way of reviewing, in figures, with the random control beside those that go by lines. */
export function renderMode(mode: ModeHead, results: readonly CaseResult[], seed: number): string {
  const control = meanRows(controlRows(results, seed));
  const lines = tallyRows(results.map((result) => scored(result, result.pairs)));
  const title = mode.kind === "analysers" ? "The analysers alone" : `With the model ${mode.name}`;
  const judged = results.every((result) => result.judged !== undefined)
    ? tallyRows(results.map((result) => scored(result, result.judged ?? [])))
    : undefined;
  return [
    `${title}, ${count(results.length, "case")}`,
    "",
    "Matched by line: same file, same side, at least one line in common, one comment for one finding.",
    `Random: as many comments of the same length on added lines drawn by lot, mean of ${draws} draws, seed ${seed}.`,
    renderTable(rowsOf(lines, control)),
    "Right: comments on what was expected. Found: expected findings that a comment is on. A severity's row counts",
    "comments that the review graded so, and findings that were expected so: the two need not agree on it.",
    ...(judged === undefined || mode.judge === undefined
      ? []
      : ["", `Judged by ${mode.judge}: which comments name the same defect.`, renderTable(rowsOf(judged))]),
    "",
    ...totals(results),
  ].join("\n");
}

function rowsOf(rows: readonly Row[], control?: readonly Row[]): string[][] {
  const titles = ["", "comments", "right", "expected", "found", "precision", "recall", "F1"];
  const beside = control === undefined ? [] : ["random: found", "precision", "recall", "F1"];
  return [
    [...titles, ...beside],
    ...rows.map(({ name, tally }) => {
      const drawn = control?.find((row) => row.name === name)?.tally;
      return [
        name,
        `${tally.comments}`,
        `${tally.right}`,
        `${tally.expected}`,
        `${tally.found}`,
        ...figureWords(tally),
        ...(control === undefined
          ? []
          : [drawn === undefined ? "-" : drawn.found.toFixed(1), ...figureWords(drawn ?? nothing)]),
      ];
    }),
  ];
}

const nothing = { comments: 0, expected: 0, right: 0, found: 0 };

function figureWords(tally: Row["tally"]): string[] {
  const { precision, recall, f1 } = figuresOf(tally);
  return [precision, recall, f1].map((figure) => (figure === undefined ? "-" : figure.toFixed(2)));
}

function scored({ case: { language, expected }, comments }: CaseResult, pairs: Scored["pairs"]): Scored {
  return { language, comments, expected, pairs };
}

function controlRows(results: readonly CaseResult[], seed: number): Row[][] {
  const random = seededRandom(seed);
  return Array.from({ length: draws }, () =>
    tallyRows(
      results.map(({ case: { language, expected, files }, comments }) => {
        const drawn = drawComments(comments, files, random);
        return { language, comments: drawn, expected, pairs: pairsByLine(drawn, expected) };
      }),
    ),
  );
}

function totals(results: readonly CaseResult[]): string[] {
  const sum = (of: (result: CaseResult) => number) => results.reduce((total, each) => total + of(each), 0);
  const comments = sum((each) => each.comments.length);
  const unread = results.filter((each) => each.unread.length > 0);
  const withoutSuggestion = results.filter((each) => each.suggestionsLeftOut.length > 0);
  const judge = results.flatMap(({ judgeUsage }) => judgeUsage);
  return [
    `Comments a pull request: ${(comments / Math.max(results.length, 1)).toFixed(1)}` +
      `; in summaries, and in no figure: ${sum((each) => each.inSummary)}`,
    ...(unread.length === 0
      ? []
      : [
          `Not all was read in ${count(unread.length, "case")}, such as ${unread[0]?.case.name}: ${unread[0]?.unread[0]}`,
        ]),
    ...withoutSuggestion
      .slice(0, 1)
      .map(
        (each) =>
          `Suggestions left out: ${sum((one) => one.suggestionsLeftOut.length)}, such as in ${each.case.name}: ${each.suggestionsLeftOut[0]}`,
      ),
    `Cost: ${costsWords(results.map(({ cost }) => cost))}`,
    ...(judge.length === 0 ? [] : [`Cost of the judge: ${costsWords(judge.map(withoutUnknown))}`]),
  ];
}

function withoutUnknown({ costUsd, ...usage }: CaseResult["judgeUsage"][number]): ReviewCost {
  return { ...usage, ...(costUsd !== undefined && { costUsd }) };
}

/** The sum, whose dollars are known only where those of all parts are. */
function sumCosts(costs: readonly (ReviewCost | undefined)[]): ReviewCost | undefined {
  const known = costs.filter((cost) => cost !== undefined);
  if (known.length === 0) return undefined;
  const sum = (of: (cost: ReviewCost) => number) => known.reduce((total, cost) => total + of(cost), 0);
  const tokens = {
    inputTokens: sum((each) => each.inputTokens),
    outputTokens: sum((each) => each.outputTokens),
  };
  if (known.some(({ costUsd }) => costUsd === undefined)) return tokens;
  return { ...tokens, costUsd: sum(({ costUsd = 0 }) => costUsd) };
}

function costsWords(costs: readonly (ReviewCost | undefined)[]): string {
  const cost = sumCosts(costs);
  return cost === undefined ? "nothing, since no model was asked" : costWords(cost);
}
