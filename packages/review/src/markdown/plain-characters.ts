import { isMasked, maskSecrets } from "../secrets/mask-secrets.ts";

/**
 * Control characters but tab and line feed; those that turn the direction of text round; and those that nobody sees and
 * a program reads, tags (in which whole sentences can be hidden) among them. Joiners stay: scripts and emoji need them.
 */
const unseen =
  // oxlint-disable-next-line no-control-regex
  /[\u034F\u0000-\u0008\u000B-\u001F\u007F-\u009F\u00AD\u061C\u115F\u1160\u180E\u200E\u200F\u202A-\u202E\u2060-\u206F\u3164\uFEFF\uFFA0\uFFF9-\uFFFB\u{E0000}-\u{E0FFF}]/gu;

/** What our hidden markers begin with, however the white space is set. */
const marker = /<!--(?=\s*nectr)/gi;

/** Text from outside with line feeds for line ends and without characters that can't be seen. */
export function plainCharacters(text: string): string {
  return text
    .toWellFormed()
    .replace(/\r\n?|[\u0085\u2028\u2029]/g, "\n")
    .replace(unseen, "");
}

/** Text from outside as it may be shown at all, before it is made fit for where it is shown. */
export function shownText(text: string): string {
  return maskSecrets(plainCharacters(text));
}

/**
 * A line that a bot takes for an order, wherever its author put it: bots read the source of a comment, and many do so
 * line by line without a look at Markdown. A path has a second slash, and a comment of a program begins with two.
 */
const order =
  /^([ \t>*+-]*)(?=[/!][a-z][\w-]*(?:[ \t]|$)|@?(?:bors|dependabot|homu|mergify(?:io)?|renovate(?:bot)?)\b[ \t:]|(?:lgtm|recheck|retest|ok to test|(?:re)?test this please|r\+)[ \t.!]*$)/gim;

/** Code in which no line is an order: what can't be seen stands before it. */
export function withoutOrders(code: string): string {
  return code.replace(order, "$1\u200B");
}

/** Text that holds none of our hidden markers, wherever it stands: in code, too, one must not be found. */
export function withoutMarkers(text: string): string {
  return text.replace(marker, "<!\u200B--");
}

/** Whether code can be shown as it is: nothing unseen is in it, no marker, no order, no secret and no mask of one. */
export function isPlainCode(code: string): boolean {
  return !isMasked(code) && withoutOrders(withoutMarkers(shownText(code))) === code;
}

/** HTML to be shown as text: its comments were never meant to be seen. */
export function htmlText(html: string): string {
  return html.replace(/<!--[\s\S]*?(?:-->|$)/g, "").trim();
}

/** A code span that shows `text` as it is, on one line, in running text or in a table's cell. */
export function codeSpan(text: string): string {
  const value = withoutMarkers(shownText(text)).replace(/\s+/g, " ");
  const fence = "`".repeat(longestRun(value, "`") + 1);
  const padding = /^`|`$|^ .* $/.test(value) ? " " : "";
  return value === "" ? "" : `${fence}${padding}${value}${padding}${fence}`;
}

/** A fenced block that no line of `text` can close. */
export function fencedBlock(text: string, language: string): string {
  const fence = "`".repeat(Math.max(longestRun(text, "`") + 1, 3));
  return `${fence}${language}\n${text}\n${fence}`;
}

function longestRun(text: string, character: string): number {
  return Math.max(0, ...[...text.matchAll(new RegExp(`${character}+`, "g"))].map((run) => run[0].length));
}
