import { filesByPath, type FilesByPath } from "../diff/files-by-path.ts";
import { addedLines, commentableRanges, type LineRange, numberOn } from "../diff/lines.ts";
import type { CodeScope } from "../engine/ports.ts";
import type { DiffLine, FileDiff, Hunk, Side } from "../model.ts";
import { remembered } from "../remembered.ts";
import { type CodeIndex, codeIndex, type CodeLine } from "./code-index.ts";
import { type ScopesAt, scopeTree } from "./scope-tree.ts";

/** What else is known of the changed files' new texts, by path. */
export interface HeadCode {
  readonly texts?: ReadonlyMap<string, string>;
  readonly scopes?: ReadonlyMap<string, readonly CodeScope[]>;
}

/** A line of a hunk that is on the side asked for. */
export interface Row {
  readonly hunk: Hunk;
  readonly at: number;
  readonly line: number;
}

/** One file of a diff. What is asked for is worked out once. */
export interface FileIndex {
  readonly file: FileDiff;
  /** The lines of each hunk, from the top down. */
  readonly ranges: (side: Side) => readonly LineRange[];
  /** The diff's lines that are on a side, from the top down, each with its hunk and its place there. */
  readonly rows: (side: Side) => readonly Row[];
  /** What the diff shows of a side. */
  readonly code: (side: Side) => CodeIndex;
  /** The new text; undefined where it is not known. */
  readonly text: () => { readonly code: CodeIndex | undefined };
  /** Numbers of the added lines, in order. */
  readonly added: () => readonly number[];
  /** Numbers of the lines that are changed on a side: beside what was removed, too, the new version's are. */
  readonly changed: (side: Side) => readonly number[];
  /** Undefined where nothing is known of the file's functions and classes. */
  readonly scopesAt: () => { readonly of: ScopesAt | undefined };
}

/** Finds files by the names that findings give them; looks through all of them once. */
export function indexFiles(
  files: readonly FileDiff[],
  { texts, scopes }: HeadCode = {},
): (path: string) => FileIndex | undefined {
  const byPath = filesByPath(files);
  const indexOf = remembered((file: FileDiff) =>
    indexFile(file, texts?.get(file.path), scopes?.get(file.path)),
  );
  return (path) => {
    const file = fileOf(path, byPath);
    return file && indexOf(file);
  };
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

function indexFile(
  file: FileDiff,
  text: string | undefined,
  scopes: readonly CodeScope[] | undefined,
): FileIndex {
  return {
    file,
    ranges: remembered((side: Side) => commentableRanges(file, side).toSorted((a, b) => a.start - b.start)),
    rows: remembered((side: Side) => file.hunks.flatMap((hunk) => rowsOf(hunk, side))),
    code: remembered((side: Side) =>
      codeIndex(file.hunks.map(({ lines }) => lines.flatMap((line) => lineOn(line, side)))),
    ),
    text: once(() => ({ code: text === undefined ? undefined : codeIndex([linesOfText(text)]) })),
    added: once(() => [...addedLines(file)].sort((a, b) => a - b)),
    changed: remembered((side: Side) => (side === "old" ? removedLines(file) : changedLines(file))),
    scopesAt: once(() => ({ of: scopes && scopeTree(scopes) })),
  };
}

function rowsOf(hunk: Hunk, side: Side): Row[] {
  return hunk.lines.flatMap((each, at) => {
    const line = numberOn(each, side);
    return line === undefined ? [] : [{ hunk, at, line }];
  });
}

function removedLines({ hunks }: FileDiff): number[] {
  const lines = hunks.flatMap((hunk) => hunk.lines);
  return lines.flatMap((line) => (line.kind === "removed" ? [line.oldLine] : [])).sort((a, b) => a - b);
}

/** Added lines, and those before and after what was removed. */
function changedLines({ hunks }: FileDiff): number[] {
  const changed = new Set<number>();
  for (const { newStart, newLines, lines } of hunks) {
    // In a hunk without new lines git names the line before.
    let next = newLines === 0 ? newStart + 1 : newStart;
    for (const line of lines) {
      if (line.kind === "added") changed.add(line.newLine);
      if (line.kind === "removed") changed.add(next - 1).add(next);
      else next = line.newLine + 1;
    }
  }
  return [...changed].sort((a, b) => a - b);
}

function lineOn(line: DiffLine, side: Side): CodeLine[] {
  const number = numberOn(line, side);
  return number === undefined ? [] : [{ line: number, text: line.text }];
}

function linesOfText(text: string): CodeLine[] {
  return text.split("\n").map((line, index) => ({ line: index + 1, text: line }));
}

function once<T extends object>(work: () => T): () => T {
  const result = remembered(work);
  return () => result(undefined);
}
