import type { Finding } from "@nectr/review";
import type { AnalysedFile } from "./analysed-file.ts";

/**
 * What of a file's findings the change is answerable for. Where the findings of its text before are known, those are
 * taken away, by rule and by the text of their lines: code that was moved or indented anew is old code. What is left
 * is new even on lines that stand as they were, such as those behind a `return` that was added. Where they are not
 * known, what lies on added lines counts as new.
 */
export function introduced(
  findings: readonly Finding[],
  { content, base, addedLines }: AnalysedFile,
  before: readonly Finding[] | undefined,
): Finding[] {
  const clip = clipToAdded(addedLines);
  const placed = findings.map((finding) => ({ finding, added: clip(finding) }));
  if (before === undefined || base === undefined) {
    return placed.flatMap(({ finding, added }) => (added === undefined ? [] : [{ ...finding, ...added }]));
  }
  const old = new Map<string, number>();
  const keyBefore = keys(base);
  for (const finding of before) {
    const key = keyBefore(finding);
    old.set(key, (old.get(key) ?? 0) + 1);
  }
  const keyNow = keys(content);
  // Of several that are alike, those on lines that stand as they were are the old ones.
  const unchangedFirst = placed.toSorted(
    (a, b) => Number(a.added !== undefined) - Number(b.added !== undefined),
  );
  return unchangedFirst.flatMap(({ finding, added }) => {
    const key = keyNow(finding);
    const left = old.get(key) ?? 0;
    if (left === 0) return [{ ...finding, ...added }];
    old.set(key, left - 1);
    return [];
  });
}

/** A finding may span a whole file; its first lines are enough to know it again. */
const mostLines = 50;

/** By what a finding is known again in another version of its file: its rule, and its lines without white space. */
function keys(content: string): (finding: Finding) => string {
  const lines = content.split("\n").map((line) => line.replace(/\s+/g, ""));
  return ({ rule, startLine, endLine }) => {
    const text = lines.slice(startLine - 1, Math.min(endLine, startLine - 1 + mostLines));
    return `${rule} ${text.join("")}`;
  };
}

interface Lines {
  readonly startLine: number;
  readonly endLine: number;
}

/**
 * Cuts a finding's lines to their first unbroken run of added ones; undefined where none was added. Unbroken, because
 * a comment on a pull request cannot span two hunks.
 */
function clipToAdded(addedLines: ReadonlySet<number>): (lines: Lines) => Lines | undefined {
  const runs = unbrokenRuns(addedLines);
  return ({ startLine, endLine }) => {
    // There may be as many findings as lines, each as long as the file: the run is looked up, not walked to.
    let [low, high] = [0, runs.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((runs[middle]?.endLine ?? 0) < startLine) low = middle + 1;
      else high = middle;
    }
    const run = runs[low];
    if (run === undefined || run.startLine > endLine) return undefined;
    return { startLine: Math.max(startLine, run.startLine), endLine: Math.min(endLine, run.endLine) };
  };
}

function unbrokenRuns(addedLines: ReadonlySet<number>): Lines[] {
  const runs: { startLine: number; endLine: number }[] = [];
  for (const line of [...addedLines].toSorted((a, b) => a - b)) {
    const last = runs.at(-1);
    if (last?.endLine === line - 1) last.endLine = line;
    else runs.push({ startLine: line, endLine: line });
  }
  return runs;
}
