import { count } from "../output/words.ts";
import type { PlacementCheck } from "./check-placement.ts";
import type { PackingFigures } from "./measure-packing.ts";

/** What became of findings that were made up for all diffs, in a line. */
export function placementWords(checks: readonly PlacementCheck[]): string {
  const sum = (of: (check: PlacementCheck) => number) => checks.reduce((total, each) => total + of(each), 0);
  const [findings, inline] = [sum((each) => each.findings), sum((each) => each.inline)];
  return (
    `Placement: ${count(checks.length, "diff")}, ${count(
      sum((each) => each.files),
      "file",
    )}, ` +
    `${count(findings, "made-up finding")}: ${count(inline, "comment")} on lines, ` +
    `${(findings - inline).toLocaleString("en-US")} in the summary; ` +
    `${sum((each) => each.refused.length)} refused by GitHub's rules, ${sum((each) => each.lost)} lost.`
  );
}

/** How all diffs go into calls of a model. */
export function packingLines({ diffs, maxTokens, hunks, calls, oneCall }: PackingFigures): string[] {
  const { made, least, overBudget, fill, worse } = calls;
  return [
    `Packing into calls of ${count(maxTokens, "token")}: ${count(diffs, "diff")}, ${count(hunks.all, "changed hunk")}: ` +
      `${hunks.reviewed.toLocaleString("en-US")} reviewed, ${hunks.listed.toLocaleString("en-US")} listed, ${hunks.lost} lost.`,
    `  ${count(made, "call")}, ${ratio(made, least)} times the least (${least}); ${worse.length === 0 ? "no diff takes" : `${count(worse.length, "diff")} take`} more; ` +
      `${overBudget} over budget; those of larger diffs filled to ${percent(fill.mean)} on the mean, ${percent(fill.least)} at least.`,
    `  Where one call is allowed, of ${count(oneCall.diffs, "larger diff")}: ${percent(oneCall.filesSeen)} of files seen, ` +
      `${percent(oneCall.filesWhole)} whole, ${percent(oneCall.addedLines)} of added lines; filled to ${percent(oneCall.leastFill)} at least.`,
  ];
}

function ratio(part: number, whole: number): string {
  return whole === 0 ? "1.00" : (part / whole).toFixed(2);
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}
