import type { FileDiff, Hunk } from "../model.ts";
import {
  type MeasuredLines,
  measureLines,
  type RenderedLine,
  renderFileHead,
  renderHunkHead,
} from "./render.ts";

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
  /** Its tokens one for each line of the hunk. */
  readonly lines: MeasuredLines;
  /** Bare tokens of the hunk's head and lines. */
  readonly tokens: number;
}

/** Renders what heads a file. */
export function headOf(file: FileDiff, index: number): FileHead {
  return { file, index, head: renderFileHead(file) };
}

/** Renders one hunk of a file; of a line at most `maxLineTokens` bare tokens. */
export function renderPart(file: FileHead, hunk: Hunk, maxLineTokens: number): Part {
  const lines = measureLines(hunk, maxLineTokens);
  return makePart(file, hunk, lines, sum(lines.tokens));
}

function makePart(file: FileHead, hunk: Hunk, lines: MeasuredLines, lineTokens: number): Part {
  const head = renderHunkHead(hunk);
  return { file, hunk, head, lines, tokens: head.tokens + lineTokens };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}

/**
 * Cuts a part in two, of which the first takes no more than `room` bare tokens; `undefined` if not even one
 * line fits. Where it costs little, the cut is made behind an unchanged or an empty line. Looks at the first part's
 * lines alone: a hunk that is cut many times would else take the square of its length.
 */
export function splitPart(part: Part, room: number): [Part, Part] | undefined {
  const most = linesThatFit(part, room);
  if (most === 0 || most >= part.lines.tokens.length) return undefined;
  const at = goodCut(part, most);
  const [before, after] = splitHunk(part.hunk, at);
  const first = part.lines.tokens.slice(0, at);
  const rest = part.lines.tokens.slice(at);
  const tokens = sum(first);
  return [
    makePart(part.file, before, { ...part.lines, tokens: first }, tokens),
    makePart(part.file, after, { ...part.lines, tokens: rest }, part.tokens - part.head.tokens - tokens),
  ];
}

/** A part's head names fewer digits after a cut than before it, or one more word: room is left for that. */
const headSlack = 4;

function linesThatFit(part: Part, room: number): number {
  let left = room - part.head.tokens - headSlack;
  let lines = 0;
  for (const tokens of part.lines.tokens) {
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
  const { oldStart, oldLines, newStart, newLines, section } = hunk;
  const [first, rest] = [hunk.lines.slice(0, at), hunk.lines.slice(at)];
  const oldFirst = first.filter((line) => line.kind !== "added").length;
  const newFirst = first.filter((line) => line.kind !== "removed").length;
  return [
    {
      oldStart: startOf(oldStart, oldFirst, oldLines),
      oldLines: oldFirst,
      newStart: startOf(newStart, newFirst, newLines),
      newLines: newFirst,
      section,
      lines: first,
    },
    {
      oldStart: startOf(oldStart + oldFirst, oldLines - oldFirst, oldLines),
      oldLines: oldLines - oldFirst,
      newStart: startOf(newStart + newFirst, newLines - newFirst, newLines),
      newLines: newLines - newFirst,
      section,
      lines: rest,
    },
  ];
}

/** In a side without lines git's start names the line before: see the hunk of an added or emptied file. */
function startOf(first: number, lines: number, ofHunk: number): number {
  return lines === 0 && ofHunk > 0 ? first - 1 : first;
}
