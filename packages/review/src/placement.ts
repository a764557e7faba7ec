import type { LineRange } from "./diff/lines.ts";
import type { FileDiff, Finding, Placement } from "./model.ts";
import { type FileIndex, type HeadCode, indexFiles } from "./placement/file-index.ts";
import { type Lines, linesByQuote, namedLines } from "./placement/find-quote.ts";
import { symbolAt } from "./placement/scope-tree.ts";
import { lastIndexWhere, nearestNumber } from "./placement/sorted.ts";

/**
 * Places every finding; none is dropped. Its lines are found by the code that it quotes, else they are those that it
 * names. It is shown on them where the diff shows them and GitHub takes a comment; else on the nearest added line of
 * the same function or class; else in the summary, with the reason. A range that leaves its hunk is cut to the part in
 * the hunk that holds its end, or else its start.
 *
 * What comes back names the file as the diff does, and the lines that were found.
 */
export function placeFindings<F extends Finding>(
  findings: readonly F[],
  files: readonly FileDiff[],
  head: HeadCode = {},
): (F & { readonly placement: Placement })[] {
  const fileOf = indexFiles(files, head);
  return findings.map((finding) => {
    const index = fileOf(finding.path);
    if (!index) return { ...finding, placement: inSummary(`${finding.path} is not part of the diff`) };
    const quoted = linesByQuote(finding, index);
    const lines = quoted ?? namedLines(finding);
    const placement =
      onLines(lines, index, quoted ? "quote" : "line") ??
      onSymbol(lines, index) ??
      inSummary(reasonFor(lines, index));
    return { ...onTheseLines(finding, lines), path: index.file.path, placement };
  });
}

function onTheseLines<F extends Finding>(finding: F, { side, start, end }: Lines): F {
  const { side: _, ...rest } = finding;
  // The rest and a side are what `F` is, but TypeScript does not see that of a generic.
  return { ...rest, ...(side === "old" ? { side } : {}), startLine: start, endLine: end } as F;
}

/** On the lines themselves, or on as many of them as one hunk shows. */
function onLines(lines: Lines, { file, ranges }: FileIndex, by: "quote" | "line"): Placement | undefined {
  const hunk = hunkFor(lines, ranges(lines.side));
  if (!hunk) return undefined;
  const start = Math.max(lines.start, hunk.start);
  const line = Math.min(lines.end, hunk.end);
  return {
    kind: "inline",
    path: file.path,
    ...(lines.side === "old" ? { side: lines.side } : {}),
    line,
    // GitHub refuses a start that equals the line: such a comment is on one line, and names no start.
    ...(start < line ? { startLine: start } : {}),
    by,
  };
}

/** The hunk that holds the end of the lines, else their start, else the last one that lies within them. */
function hunkFor({ start, end }: LineRange, ranges: readonly LineRange[]): LineRange | undefined {
  const upTo = (line: number): LineRange | undefined =>
    ranges[lastIndexWhere(ranges, (range) => range.start <= line)];
  const [atStart, atEnd] = [upTo(start), upTo(end)];
  if (atEnd && end <= atEnd.end) return atEnd;
  if (atStart && start <= atStart.end) return atStart;
  return atEnd && start <= atEnd.end ? atEnd : undefined;
}

/** On the nearest line that was added to the function or class in which the lines begin. */
function onSymbol({ side, start }: Lines, { file, added, scopesAt }: FileIndex): Placement | undefined {
  const scopes = scopesAt().of;
  if (side === "old" || !scopes) return undefined;
  for (const { startLine, endLine } of symbolAt(start, scopes)) {
    const line = nearestNumber(added(), start, { start: startLine, end: endLine });
    if (line !== undefined) return { kind: "inline", path: file.path, line, by: "symbol" };
  }
  return undefined;
}

function inSummary(reason: string): Placement {
  return { kind: "summary", reason };
}

function reasonFor({ side, start, end }: Lines, { file, ranges }: FileIndex): string {
  if (file.status === "removed" && side === "new") return "the file was deleted";
  if (file.status === "added" && side === "old") return "the file is new, and has no lines of before";
  if (ranges(side).length === 0) return unreadable(file);
  const which = side === "old" ? " before the change" : "";
  return start === end
    ? `line ${start}${which} is not part of the diff`
    : `lines ${start} to ${end}${which} are not part of the diff`;
}

function unreadable(file: FileDiff): string {
  if (file.patchMissing) return "GitHub shows no diff for the file";
  return file.binary ? "the file is binary" : "the diff shows no lines of the file";
}
