import { firstCharacters } from "../clip.ts";
import { thousands } from "../render/words.ts";
import type { DiffLine, FileDiff, Hunk } from "../model.ts";
import { countBareTokens } from "../tokens.ts";

/**
 * How a diff is written for a model:
 *
 *     === src/shop.ts (renamed from src/store.ts)
 *     @@ lines 10 to 12 @@ export function total(items: Item[])
 *     10    let sum = 0;
 *     11 -  for (const item of items) sum += item.price;
 *     11 +  for (const item of items) sum += item.price * item.count;
 *     12    return sum;
 *
 * Each line begins with its number, a removed one with that of the old version, so that a model names lines as they
 * are. Nothing in a file can begin a line of this text, so nothing in it can pass for a header.
 */

/** A line of the text and what it costs. Tokens are bare (see `tokens.ts`). */
export interface RenderedLine {
  readonly text: string;
  readonly tokens: number;
  /** The length in characters of a line that is too long to be shown whole. */
  readonly elidedLength?: number;
}

/** Characters of one line that are shown at most, and bare tokens that names in headers may take. */
export const longestLine = 2_000;
const longestPath = 100;
const longestSection = 50;

/** The head of a file, its line end included. */
export function renderFileHead(file: FileDiff): RenderedLine {
  const path = clipped(oneLine(file.path), longestPath);
  const previous = clipped(oneLine(file.previousPath ?? ""), longestPath);
  const origin = previous === "" ? file.status : `${file.status} from ${previous}`;
  return rendered(`=== ${path} (${origin})\n`);
}

/** A file's name alone, at the head of lines that the diff does not show; its line end included. */
export function renderFileName(path: string): RenderedLine {
  return rendered(`=== ${clipped(oneLine(path), longestPath)}\n`);
}

/** A line of the new version that is not in the diff, written as its unchanged ones are. */
export function renderUnchanged(newLine: number, text: string, maxTokens: number): RenderedLine {
  return renderLine(`${newLine}  `, visible(text), maxTokens);
}

/** The head of a hunk, its line end included. */
export function renderHunkHead(hunk: Hunk): RenderedLine {
  const last = hunk.newStart + hunk.newLines - 1;
  const where =
    hunk.newLines === 0
      ? `after line ${hunk.newStart}`
      : hunk.newLines === 1
        ? `line ${hunk.newStart}`
        : `lines ${hunk.newStart} to ${last}`;
  const section = clipped(oneLine(hunk.section), longestSection);
  return rendered(`@@ ${where} @@${section === "" ? "" : ` ${section}`}\n`);
}

/** What the lines of a hunk cost, with their texts to be had again: to keep them for a large diff takes much memory. */
export interface MeasuredLines {
  /** Bare tokens of each line. */
  readonly tokens: readonly number[];
  /** Those that are not shown whole. */
  readonly elided: ReadonlyMap<DiffLine, RenderedLine>;
  /** A line of the hunk, its line end included. */
  readonly textOf: (line: DiffLine) => string;
}

/**
 * Measures the lines of a hunk, line ends included. One that takes more than `maxTokens` bare tokens, or is longer than
 * 2,000 characters, is cut with a mark.
 */
export function measureLines(hunk: Hunk, maxTokens: number): MeasuredLines {
  const elided = new Map<DiffLine, RenderedLine>();
  const content = contentOf(hunk);
  const tokens = hunk.lines.map((line) => {
    const rendered = renderLine(lineHead(line), content(line), maxTokens);
    if (rendered.elidedLength !== undefined) elided.set(line, rendered);
    return rendered.tokens;
  });
  const textOf = (line: DiffLine) => elided.get(line)?.text ?? `${lineHead(line)}${content(line)}\n`;
  return { tokens, elided, textOf };
}

/** What is shown of a line, if it is not too long: in a hunk of which every line ends in "\r", those are not. */
function contentOf(hunk: Hunk): (line: DiffLine) => string {
  return hunk.lines.every((line) => line.text.endsWith("\r"))
    ? (line) => visible(line.text.slice(0, -1))
    : (line) => visible(line.text);
}

function lineHead(line: DiffLine): string {
  switch (line.kind) {
    case "removed":
      return `${line.oldLine} -`;
    case "added":
      return `${line.newLine} +`;
    case "context":
      return `${line.newLine}  `;
  }
}

function renderLine(head: string, text: string, maxTokens: number): RenderedLine {
  if (text.length <= longestLine) {
    const whole = rendered(`${head}${text}\n`);
    if (whole.tokens <= maxTokens) return whole;
  }
  for (let length = Math.min(longestLine, text.length); ; length = Math.floor(length / 2)) {
    const mark = ` […${thousands(text.length - length)} more characters of this line are not shown]`;
    const cut = rendered(`${head}${firstCharacters(text, length)}${mark}\n`);
    if (cut.tokens <= maxTokens || length === 0) return { ...cut, elidedLength: text.length };
  }
}

/** The beginning of `text` that takes no more than `maxTokens` bare tokens. */
function clipped(text: string, maxTokens: number): string {
  for (let length = Math.min(text.length, longestLine); ; length = Math.floor(length * 0.8)) {
    const clip = length === text.length ? text : `${firstCharacters(text, length)}…`;
    if (length === 0 || countBareTokens(clip) <= maxTokens) return clip;
  }
}

/** A name may hold any character; in a header it must not end the line. */
function oneLine(name: string): string {
  return name.replace(/[\p{Cc}\u2028\u2029]/gu, (character) => JSON.stringify(character).slice(1, -1));
}

/** Carriage returns are shown where a line end or a forged line could hide in them. */
function visible(text: string): string {
  return text.replaceAll("\r", "␍");
}

function rendered(text: string): RenderedLine {
  return { text, tokens: countBareTokens(text) };
}
