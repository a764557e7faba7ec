import { countChanges } from "../diff/parse-diff.ts";
import type { FileDiff, SkippedFile } from "../model.ts";
import { elidedLines, lineCount } from "./chunk.ts";
import type { Part } from "./parts.ts";

/** How much of a diff is read. */
export interface Reading {
  /** Files of which every added line is in a chunk, whole. */
  readonly filesRead: number;
  /** Added lines of all files given, and those of them that are in a chunk, whole. */
  readonly addedLines: number;
  readonly addedLinesRead: number;
  /** Files that are not read, or in part, with how much of them and why. */
  readonly skipped: readonly SkippedFile[];
}

/** Compares what is in chunks with what there was. */
export function reportReading(files: readonly FileDiff[], parts: readonly Part[]): Reading {
  const byFile = Map.groupBy(parts, (part) => part.file.index);
  const readings = files.map((file, index) => fileReading(file, byFile.get(index) ?? []));
  return {
    filesRead: readings.filter((reading) => reading.reason === undefined).length,
    addedLines: sum(files.map((file) => file.additions)),
    addedLinesRead: sum(readings.map((reading) => reading.addedLinesRead)),
    skipped: readings.flatMap(({ path, reason }) => (reason === undefined ? [] : { path, reason })),
  };
}

interface FileReading {
  readonly path: string;
  readonly addedLinesRead: number;
  /** Why not all of the file is read. */
  readonly reason: string | undefined;
}

function fileReading(file: FileDiff, parts: readonly Part[]): FileReading {
  const hunks = parts.map((part) => part.hunk);
  const inChunks = countChanges(hunks).additions;
  const addedLinesRead = inChunks - sum(parts.map(elidedAddedLines));
  if (lineCount(hunks) < lineCount(file.hunks)) {
    const share = parts.length === 0 ? "" : `: ${addedLinesRead} of ${file.additions} added lines read`;
    return { path: file.path, addedLinesRead, reason: `over the reading budget${share}` };
  }
  const reason =
    inChunks < file.additions ? "its diff is incomplete" : elisionReason(parts.flatMap(elidedLines).length);
  return { path: file.path, addedLinesRead, reason };
}

function elisionReason(lines: number): string | undefined {
  if (lines === 0) return undefined;
  return lines === 1
    ? "read but for the end of a very long line"
    : `read but for the ends of ${lines} very long lines`;
}

function elidedAddedLines(part: Part): number {
  if (part.lines.elided.size === 0) return 0;
  return part.hunk.lines.filter((line) => line.kind === "added" && part.lines.elided.has(line)).length;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
