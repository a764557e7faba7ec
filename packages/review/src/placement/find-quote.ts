import type { LineRange } from "../diff/lines.ts";
import type { Finding, Side } from "../model.ts";
import type { CodeIndex } from "./code-index.ts";
import type { FileIndex } from "./file-index.ts";
import { quoteReadings } from "./quote-readings.ts";
import { lastIndexWhere } from "./sorted.ts";

/** Lines of one version of a file. */
export interface Lines extends LineRange {
  readonly side: Side;
}

/** Code that stands in several places is taken for the nearest of them, but not over more lines than these. */
const near = 50;

/** Within so many lines a part of a line is looked for; it is this long at least. */
const partReach = 10;
const shortestPart = 8;

/** The lines that a finding names, from the top down. */
export function namedLines({
  side,
  startLine,
  endLine,
}: Pick<Finding, "side" | "startLine" | "endLine">): Lines {
  return { side: side ?? "new", start: Math.min(startLine, endLine), end: Math.max(startLine, endLine) };
}

/**
 * The lines that a finding is about, by the code that it quotes: as it names them where that code is there, else as
 * far from them as the code is. What the diff shows on the named side goes before what stands elsewhere in the new
 * text, and that before the diff's other side, whose lines a model may have mistaken. Undefined where the quote is in
 * neither, or in several places that are as likely.
 */
export function linesByQuote(finding: Finding, index: FileIndex): Lines | undefined {
  const named = namedLines(finding);
  const quote = finding.quote ?? "";
  if (quote === "") return undefined;
  const readings = quoteReadings(quote, named.side);
  const shown = index.code(named.side);
  const text = named.side === "new" ? index.text().code : undefined;

  const [inDiff, inText] = [placesOf(readings, shown), text ? placesOf(readings, text) : []];
  const [likelyInDiff, likelyInText] = [likeliest(inDiff, named), likeliest(inText, named)];
  if ([likelyInDiff, likelyInText].some((place) => place && holds(place, named))) return named;
  const found = likelyInDiff ?? likelyInText;
  if (found) return movedTo(found, named);
  if (inDiff.length > 0 || inText.length > 0) return undefined;

  const side = named.side === "new" ? "old" : "new";
  const across = likeliest(placesOf(quoteReadings(quote, side), index.code(side)), named);
  return across ? { ...across, side } : byPart(readings, shown, named);
}

/** Whether a quote stands in the named lines, or around them. */
function holds(place: LineRange, named: LineRange): boolean {
  const [inner, outer] = place.end - place.start <= named.end - named.start ? [place, named] : [named, place];
  return outer.start <= inner.start && inner.end <= outer.end;
}

function movedTo(place: LineRange, named: Lines): Lines {
  return { ...named, start: place.start, end: place.start + named.end - named.start };
}

/** Where the first reading stands that stands anywhere. */
function placesOf(readings: readonly (readonly string[])[], code: CodeIndex): readonly LineRange[] {
  return readings.map((reading) => code.find(reading)).find((places) => places.length > 0) ?? [];
}

/** The place at the named lines, else the only one, else the nearest; none where two are as near. */
function likeliest(places: readonly LineRange[], named: LineRange): LineRange | undefined {
  const at = lastIndexWhere(places, ({ start }) => start <= named.start);
  const around = [places[at], places[at + 1]].filter((place) => place !== undefined);
  const there = around.find((place) => holds(place, named));
  if (there || places.length === 1) return there ?? places[0];
  const distance = (place: LineRange): number => Math.abs(place.start - named.start);
  const [first, second] = around.toSorted((a, b) => distance(a) - distance(b));
  if (!first || distance(first) > near) return undefined;
  return second && distance(second) === distance(first) ? undefined : first;
}

/** By a part of one line, not far from the named ones. */
function byPart(readings: readonly (readonly string[])[], code: CodeIndex, named: Lines): Lines | undefined {
  const parts = readings.flatMap(([line, ...others]) =>
    line !== undefined && others.length === 0 && line.length >= shortestPart ? [line] : [],
  );
  if (parts.length === 0) return undefined;
  const places = code
    .between(named.start - partReach, named.start + partReach)
    .filter(({ text }) => parts.some((part) => text.includes(part)))
    .map(({ line }) => ({ start: line, end: line }));
  const place = likeliest(places, named);
  if (!place) return undefined;
  return holds(place, named) ? named : movedTo(place, named);
}
