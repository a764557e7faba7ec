/** Control characters but tab and line feed, and those that turn the direction of text round. */
// oxlint-disable-next-line no-control-regex
const unseen = /[\u0000-\u0008\u000B-\u001F\u007F\u200E\u200F\u202A-\u202E\u2066-\u2069\uFEFF]/g;

/** What our hidden markers begin with, however the white space is set. */
const marker = /<!--(?=\s*nectr)/gi;

/** Text from outside with line feeds for line ends and without characters that can't be seen. */
export function plainCharacters(text: string): string {
  return text.toWellFormed().replace(/\r\n?/g, "\n").replace(unseen, "");
}

/** Text that holds none of our hidden markers, wherever it stands: in code, too, one must not be found. */
export function withoutMarkers(text: string): string {
  return text.replace(marker, "<!\u200B--");
}

/** HTML to be shown as text: its comments were never meant to be seen. */
export function htmlText(html: string): string {
  return html.replace(/<!--[\s\S]*?(?:-->|$)/g, "").trim();
}

/** A code span that shows `text` as it is, on one line, in running text or in a table's cell. */
export function codeSpan(text: string): string {
  const value = withoutMarkers(plainCharacters(text)).replace(/\s+/g, " ");
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
