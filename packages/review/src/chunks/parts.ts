import type { DiffLine, FileDiff, Hunk } from "../model.ts";
import { type RenderedLine, renderFileHead, renderHunkHead, renderLines } from "./render.ts";

/** A line of a diff that is too long to be shown whole. `newLine` is absent for a removed one. */
export interface ElidedLine {
  readonly path: string;
  readonly newLine?: number;
  /** The line's length in UTF-16 units. */
  readonly characters: number;
}

/** A file by its place among the files given, with the line that heads it in every chunk. */
export interface FileHead {
  readonly file: FileDiff;
  readonly index: number;
  readonly head: RenderedLine;
}

/** A file as the packer sees it. */
export interface RenderedFile extends FileHead {
  readonly parts: readonly Part[];
}

/** A hunk, or some of its lines, ready to be put into a chunk. */
export interface Part {
  readonly file: FileHead;
  readonly hunk: Hunk;
  readonly head: RenderedLine;
  /** One for each line of the hunk. */
  readonly lines: readonly RenderedLine[];
  /** Bare tokens of the hunk's head and lines. */
  readonly tokens: number;
}

/** Renders what heads a file. */
export function headOf(file: FileDiff, index: number): FileHead {
  return { file, index, head: renderFileHead(file) };
}

/** Renders one hunk of a file; of a line at most `maxLineTokens` bare tokens. */
export function renderPart(file: FileHead, hunk: Hunk, maxLineTokens: number): Part {
  return makePart(file, hunk, renderLines(hunk, maxLineTokens));
}

function makePart(file: FileHead, hunk: Hunk, lines: readonly RenderedLine[]): Part {
  const head = renderHunkHead(hunk);
  return { file, hunk, head, lines, tokens: lines.reduce((sum, line) => sum + line.tokens, head.tokens) };
}

/**
 * Cuts a part in two, of which the first takes no more than `room` bare tokens; `undefined` if not even one
 * line fits. Where it costs little, the cut is made behind an unchanged or an empty line.
 */
export function splitPart(part: Part, room: number): [Part, Part] | undefined {
  const most = linesThatFit(part, room);
  if (most === 0 || most >= part.lines.length) return undefined;
  const at = goodCut(part, most);
  const [before, after] = splitHunk(part.hunk, at);
  return [
    makePart(part.file, before, part.lines.slice(0, at)),
    makePart(part.file, after, part.lines.slice(at)),
  ];
}

/** A part's head names fewer digits after a cut than before it, or one more word: room is left for that. */
const headSlack = 4;

function linesThatFit(part: Part, room: number): number {
  let left = room - part.head.tokens - headSlack;
  let lines = 0;
  for (const { tokens } of part.lines) {
    left -= tokens;
    if (left < 0) break;
    lines += 1;
  }
  return lines;
}

/** Looks for a better place among the last 3 % of the lines. */
function goodCut(part: Part, most: number): number {
  const least = Math.max(1, Math.ceil(most * 0.97));
  for (let at = most; at >= least; at -= 1) {
    const line = part.hunk.lines[at - 1];
    if (line && (line.kind === "context" || line.text.trim() === "")) return at;
  }
  return most;
}

function splitHunk(hunk: Hunk, at: number): [Hunk, Hunk] {
  const { oldStart, newStart, lines } = hunk;
  const first = sideCounts(hunk, oldStart, newStart, lines.slice(0, at));
  return [first, sideCounts(hunk, oldStart + first.oldLines, newStart + first.newLines, lines.slice(at))];
}

/** In a side without lines git's start names the line before: see the hunk of an added or emptied file. */
function sideCounts(hunk: Hunk, oldFirst: number, newFirst: number, lines: readonly DiffLine[]): Hunk {
  const oldLines = lines.filter((line) => line.kind !== "added").length;
  const newLines = lines.filter((line) => line.kind !== "removed").length;
  return {
    oldStart: oldLines === 0 && hunk.oldLines > 0 ? oldFirst - 1 : oldFirst,
    oldLines,
    newStart: newLines === 0 && hunk.newLines > 0 ? newFirst - 1 : newFirst,
    newLines,
    section: hunk.section,
    lines,
  };
}
