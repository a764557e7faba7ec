import type { CodeScope } from "../engine/ports.ts";
import type { FileDiff, Hunk } from "../model.ts";
import { count } from "../render/words.ts";
import { countBareTokens } from "../tokens.ts";
import { changedLines, enclosingByLine, type Enclosing } from "./enclosing.ts";
import { type RenderedLine, renderFileName, renderUnchanged } from "./render.ts";

/** A function of so many lines is shown whole. */
const longestWhole = 60;

/** Lines of a function's head, and bare tokens of a line, that are shown at most. */
const headLines = 3;
const longestLine = 150;

/** The lines of one file that are shown around its changes. */
export interface Excerpt {
  /** What encloses the changes of a hunk, each the first time that it is asked for. */
  enclosing(hunk: Hunk): readonly Enclosing[];
  /**
   * Takes up the lines of a function, of a long one `window` lines around each change; undefined: its head and end alone.
   *
   * @returns the bare tokens that it took, 0 where the diff shows all; undefined where they are more than `room`, and
   * nothing was taken
   */
  take(enclosing: Enclosing, window: number | undefined, room: number): number | undefined;
  text(): string;
}

/** Undefined where there is nothing to tell: no text, no function in it, or a text that is not the diff's new version. */
export function createExcerpt(
  file: FileDiff,
  content: string | undefined,
  scopes: readonly CodeScope[],
): Excerpt | undefined {
  if (content === undefined || scopes.length === 0) return undefined;
  const lines = content.split("\n").map(withoutReturn);
  if (!file.hunks.every((hunk) => fits(hunk, lines))) return undefined;

  const changed = new Set(file.hunks.flatMap(changedLines).toSorted((a, b) => a - b));
  const found = enclosingByLine(scopes, [...changed]);
  const inDiff = new Set(file.hunks.flatMap(({ lines: each }) => each.flatMap(newLineOf)));
  const asked = new Set<Enclosing>();
  const taken = new Map<number, RenderedLine>();
  const head = renderFileName(file.path);
  // What a mark for lines that are not shown takes at most. There are no more marks than runs of lines.
  const markTokens = countBareTokens(amongChanges(lines.length, lines.length + 1));

  return {
    enclosing(hunk) {
      const around = new Set(changedLines(hunk).flatMap((line) => found.get(line) ?? []));
      const fresh = [...around].filter((each) => !asked.has(each));
      for (const each of fresh) asked.add(each);
      return fresh;
    },
    take(enclosing, window, room) {
      const added = new Map<number, RenderedLine>();
      let tokens = taken.size === 0 ? head.tokens + markTokens : 0;
      let last = -Infinity;
      for (const line of linesToShow(enclosing, window, lines.length)) {
        if (inDiff.has(line) || taken.has(line)) continue;
        const rendered = renderUnchanged(line, lines[line - 1] ?? "", longestLine);
        tokens += rendered.tokens + (line === last + 1 ? 0 : markTokens);
        if (tokens > room) return undefined;
        added.set(line, rendered);
        last = line;
      }
      if (added.size === 0) return 0;
      for (const [line, rendered] of added) taken.set(line, rendered);
      return tokens;
    },
    text: () => (taken.size === 0 ? "" : head.text + textOf(taken, inDiff)),
  };
}

/** Whether a text is the one that the hunk's new side is a part of. */
function fits(hunk: Hunk, lines: readonly string[]): boolean {
  return hunk.lines.every(
    (line) => line.kind === "removed" || lines[line.newLine - 1] === withoutReturn(line.text),
  );
}

function withoutReturn(line: string): string {
  return line.endsWith("\r") ? line.slice(0, -1) : line;
}

function newLineOf(line: Hunk["lines"][number]): number[] {
  return line.kind === "removed" ? [] : [line.newLine];
}

/** The lines by which a change in a function is understood, ascending. */
function linesToShow(
  { scope, outer, changed }: Enclosing,
  window: number | undefined,
  lastLine: number,
): number[] {
  const { startLine, endLine } = scope;
  const wanted = new Set(outer.map((each) => each.startLine));
  const want = (from: number, to: number) => {
    for (let line = Math.max(from, startLine); line <= Math.min(to, endLine, lastLine); line += 1)
      wanted.add(line);
  };
  want(startLine, startLine + headLines - 1);
  want(endLine, endLine);
  if (window !== undefined && endLine - startLine < longestWhole) want(startLine, endLine);
  else if (window !== undefined) {
    let next = startLine;
    for (const line of changed) {
      want(Math.max(next, line - window), line + window);
      next = line + window + 1;
    }
  }
  return [...wanted].toSorted((a, b) => a - b);
}

/** The lines in their order, and what is not shown between them. */
function textOf(taken: ReadonlyMap<number, RenderedLine>, inDiff: ReadonlySet<number>): string {
  let text = "";
  let next: number | undefined;
  for (const [line, rendered] of [...taken].toSorted(([a], [b]) => a - b)) {
    if (next !== undefined && line > next) text += gap(next, line - 1, inDiff);
    text += rendered.text;
    next = line + 1;
  }
  return text;
}

/** No line of a file begins as this does: it has its number before it. */
function gap(from: number, to: number, inDiff: ReadonlySet<number>): string {
  let missing = 0;
  for (let line = from; line <= to; line += 1) missing += inDiff.has(line) ? 0 : 1;
  if (missing > 0) return `… ${count(missing, "line")} left out\n`;
  return amongChanges(from, to);
}

function amongChanges(from: number, to: number): string {
  const which = from === to ? `line ${from} is` : `lines ${from} to ${to} are`;
  return `… ${which} among the changes\n`;
}
