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
 *     -  for (const item of items) sum += item.price;
 *     11 +  for (const item of items) sum += item.price * item.count;
 *     12    return sum;
 *
 * A line of the new version begins with its number, so that a model names lines as they are; a removed one
 * begins with `-`. Nothing in a file can begin a line of this text, so nothing in it can pass for a header.
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

/**
 * The lines of a hunk, line ends included; one that takes more than `maxTokens` bare tokens, or is longer
 * than 2,000 characters, is cut with a mark.
 */
export function renderLines(hunk: Hunk, maxTokens: number): RenderedLine[] {
  const content = hunk.lines.every((line) => line.text.endsWith("\r"))
    ? (line: DiffLine) => line.text.slice(0, -1)
    : (line: DiffLine) => line.text;
  return hunk.lines.map((line) => renderLine(lineHead(line), visible(content(line)), maxTokens));
}

function lineHead(line: DiffLine): string {
  switch (line.kind) {
    case "removed":
      return "-";
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
