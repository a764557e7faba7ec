import { type FilesByPath, filesByPath } from "./diff/files-by-path.ts";
import { commentableRanges, type LineRange } from "./diff/lines.ts";
import type { FileDiff, Finding, Placement } from "./model.ts";
import { remembered } from "./remembered.ts";

/** Places every finding; none is dropped. */
export function placeFindings(
  findings: readonly Finding[],
  files: readonly FileDiff[],
): (Finding & { readonly placement: Placement })[] {
  const place = createPlacer(files);
  return findings.map((finding) => {
    const placement = place(finding);
    return { ...withoutMisplacedSuggestion(finding, placement), placement };
  });
}

/**
 * Where a finding is shown: on lines of the diff, where GitHub takes a comment, else in the summary with
 * the reason. A range that leaves its hunk is cut to the part in the hunk that holds its end, or else its
 * start; it is never moved to lines that it does not name.
 */
export function placeFinding(finding: Place, files: readonly FileDiff[]): Placement {
  return createPlacer(files)(finding);
}

type Place = Pick<Finding, "path" | "startLine" | "endLine">;

/** Looks through the files, and the hunks of each, once for all findings. */
function createPlacer(files: readonly FileDiff[]): (finding: Place) => Placement {
  const byPath = filesByPath(files);
  const rangesOf = remembered(commentableRanges);
  return (finding) => placeIn(fileOf(finding.path, byPath), finding, rangesOf);
}

function placeIn(
  file: FileDiff | undefined,
  finding: Place,
  rangesOf: (file: FileDiff) => LineRange[],
): Placement {
  if (!file) return inSummary(`${finding.path} is not part of the diff`);
  if (file.status === "removed") return inSummary("the file was deleted");

  const named = {
    start: Math.min(finding.startLine, finding.endLine),
    end: Math.max(finding.startLine, finding.endLine),
  };
  const ranges = rangesOf(file);
  if (ranges.length === 0) return inSummary(unreadable(file));
  const hunk =
    ranges.find((range) => contains(range, named.end)) ??
    ranges.find((range) => contains(range, named.start));
  if (!hunk) return inSummary(`${lineWords(named)} not part of the diff`);

  const start = Math.max(named.start, hunk.start);
  const line = Math.min(named.end, hunk.end);
  // GitHub refuses a start that equals the line: such a comment is on one line, and names no start.
  return { kind: "inline", path: file.path, line, ...(start < line ? { startLine: start } : {}) };
}

/**
 * The file that a finding names: by its path, by its path with `./`, `a/` or `b/` before it (as in a
 * diff's headers), or by the name from which it was renamed. What fits exactly comes first.
 */
function fileOf(path: string, files: FilesByPath): FileDiff | undefined {
  const exact = path.replace(/^(?:\.\/)+/, "");
  const bare = exact.replace(/^[ab]\//, "");
  return files.named(exact) ?? files.named(bare) ?? files.renamedFrom(exact) ?? files.renamedFrom(bare);
}

function contains(range: LineRange, line: number): boolean {
  return range.start <= line && line <= range.end;
}

/** A suggestion replaces the lines under its comment: under other lines than it was written for, it would harm. */
function withoutMisplacedSuggestion(finding: Finding, placement: Placement): Finding {
  if (finding.suggestion === undefined || placement.kind === "summary") return finding;
  const start = placement.startLine ?? placement.line;
  if (start === finding.startLine && placement.line === finding.endLine) return finding;
  const { suggestion: _, ...rest } = finding;
  return rest;
}

function inSummary(reason: string): Placement {
  return { kind: "summary", reason };
}

function lineWords({ start, end }: LineRange): string {
  return start === end ? `line ${start} is` : `lines ${start} to ${end} are`;
}

function unreadable(file: FileDiff): string {
  if (file.patchMissing) return "GitHub shows no diff for the file";
  return file.binary ? "the file is binary" : "the diff shows no lines of the file";
}
