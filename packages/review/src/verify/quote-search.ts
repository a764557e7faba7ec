import type { Finding } from "../model.ts";
import { comparable } from "../placement/code-index.ts";
import type { FileIndex } from "../placement/file-index.ts";
import { quoteReadings } from "../placement/quote-readings.ts";
import { remembered } from "../remembered.ts";
import { maskSecrets } from "../secrets/mask-secrets.ts";

/** Quotes that are looked for in one file: a search reads all of it, and findings may come by the thousand. */
const mostSearches = 200;

/**
 * Makes a function that tells whether a file holds the code that a finding quotes, in its new text or in its diff, in
 * whole lines or in part. Undefined where that can't be told: the new text is not known, or too
 * much was looked for in it already.
 */
export function createQuoteSearch(
  texts: ReadonlyMap<string, string> | undefined,
): (finding: Finding, index: FileIndex) => boolean | undefined {
  const diffOf = remembered((index: FileIndex) => ({ text: textOfDiff(index) }));
  const headOf = remembered((path: string) => ({ text: comparableText(texts?.get(path)) }));
  const searches = new Map<FileIndex, number>();
  return (finding, index) => {
    if (finding.quote === undefined) return true;
    const readings = [...quoteReadings(finding.quote, "new"), ...quoteReadings(finding.quote, "old")];
    if (readings.length === 0) return true;
    const codes = [index.code("new"), index.code("old"), index.text().code];
    if (readings.some((reading) => codes.some((code) => code && code.find(reading).length > 0))) return true;
    const search = (searches.get(index) ?? 0) + 1;
    searches.set(index, search);
    if (search > mostSearches) return undefined;
    const head = headOf(index.file.path).text;
    const isIn = (text: string): boolean => readings.some((reading) => text.includes(reading.join("\n")));
    if (isIn(diffOf(index).text) || (head !== undefined && isIn(head))) return true;
    return head === undefined ? undefined : false;
  };
}

function textOfDiff({ file }: FileIndex): string {
  const side = (other: "added" | "removed"): string[] =>
    file.hunks.flatMap(({ lines }) => lines.filter(({ kind }) => kind !== other).map(({ text }) => text));
  // A quote is of what the model was shown.
  return comparableLines(maskSecrets([...side("removed"), ...side("added")].join("\n")).split("\n"));
}

function comparableText(text: string | undefined): string | undefined {
  return text === undefined ? undefined : comparableLines(maskSecrets(text).split("\n"));
}

function comparableLines(lines: readonly string[]): string {
  return lines
    .map(comparable)
    .filter((line) => line !== "")
    .join("\n");
}
