import type { DiffLine, FileDiff, Hunk } from "../model.ts";
import { readFileHeader } from "./file-header.ts";
import { readHunks } from "./hunk.ts";
import { type LineReader, readLines } from "./line-reader.ts";

/**
 * Reads the whole output of `git diff` (with or without prefixes, renames, `--binary`; not `--cc`).
 *
 * The text of a line is kept exactly, a "\r" at its end included. What ends a hunk are the counts in its
 * header, so a removed line that reads `-- a/x` is a removed line. Throws `DiffError` with the line's number
 * for anything else than a diff, nothing is passed over.
 */
export function parseDiff(text: string): FileDiff[] {
  const reader = readLines(text);
  const files: FileDiff[] = [];
  skipEmptyLines(reader);
  while (reader.peek() !== undefined) {
    const header = readFileHeader(reader);
    const hunks = readHunks(reader);
    files.push({ ...header, patchMissing: false, ...countChanges(hunks), hunks });
    skipEmptyLines(reader);
  }
  return files;
}

/** Reads hunks alone, as in the `patch` field of GitHub's list of files. Throws `DiffError`. */
export function parsePatch(patch: string): Hunk[] {
  const reader = readLines(patch);
  const hunks = readHunks(reader);
  skipEmptyLines(reader);
  if (reader.peek() !== undefined) throw reader.error("expected a hunk");
  return hunks;
}

/** How many lines the hunks add and remove. */
export function countChanges(hunks: readonly Hunk[]): { additions: number; deletions: number } {
  const count = (kind: DiffLine["kind"]) =>
    hunks.reduce((sum, hunk) => sum + hunk.lines.filter((line) => line.kind === kind).length, 0);
  return { additions: count("added"), deletions: count("removed") };
}

function skipEmptyLines(reader: LineReader): void {
  while (reader.peek() === "") reader.advance();
}
