import type { Side } from "../model.ts";
import { comparable } from "./code-index.ts";

/** Lines of a quote that count: a model is asked for three. */
const mostLines = 5;

/** How the diff for a model ends a line that it does not show whole (see `chunks/render.ts`). */
const elision = / \[…[\d,]+ more characters of this line are not shown\]\s*$/;

/**
 * What a quote may mean, the likeliest first: its lines as they stand, else without the numbers, else without the
 * signs that the diff puts before them; blank lines left out. No reading holds only signs: a brace is everywhere, and
 * tells nothing.
 *
 * @param side of a quote with removed and added lines those of this side are taken
 */
export function quoteReadings(quote: string, side: Side): string[][] {
  const lines = quote
    .split(/\r\n|\r|\n/)
    .filter((line) => line.trim() !== "" && !/^\s*(`{3,}|~{3,})\S*\s*$/.test(line))
    .map((line) => line.replace(elision, ""));
  const unnumbered = without(/^\s*\d+(?:\s?[-+|:]|\s{1,2}|$)/, lines);
  const readings = [lines, withoutTicks(lines), unnumbered, withoutSigns(unnumbered ?? lines, side)]
    .filter((reading) => reading !== undefined)
    .map((reading) =>
      reading
        .map(comparable)
        .filter((line) => line !== "")
        .slice(0, mostLines),
    )
    .filter((reading) => reading.some((line) => /[\p{L}\p{N}]/u.test(line)));
  return [...new Map(readings.map((reading) => [reading.join("\n"), reading])).values()];
}

/** All lines without what each of them begins with; undefined where one does not. */
function without(beginning: RegExp, lines: readonly string[]): string[] | undefined {
  return lines.every((line) => beginning.test(line))
    ? lines.map((line) => line.replace(beginning, ""))
    : undefined;
}

function withoutSigns(lines: readonly string[], side: Side): string[] | undefined {
  const other = side === "new" ? "-" : "+";
  const own = lines.some((line) => !line.startsWith(other))
    ? lines.filter((line) => !line.startsWith(other))
    : lines;
  return without(/^[-+ ]/, own);
}

function withoutTicks(lines: readonly string[]): string[] | undefined {
  const [line, ...others] = lines;
  const inside = /^\s*(`+)([^`].*?)\1\s*$/.exec(line ?? "")?.[2];
  return inside === undefined || others.length > 0 ? undefined : [inside];
}
