import type { LineRange } from "../diff/lines.ts";
import { remembered } from "../remembered.ts";
import { maskLines } from "../secrets/mask-secrets.ts";
import { lastIndexWhere } from "./sorted.ts";

export interface CodeLine {
  readonly line: number;
  readonly text: string;
}

/** Lines of code, to be found by what they say. Asked as often as one likes, it reads the code once. */
export interface CodeIndex {
  /** Wherever these lines (as `comparable` makes them) stand one after another, from the top down. */
  find(lines: readonly string[]): readonly LineRange[];
  /** The lines with numbers from `start` to `end` that are not blank, as `comparable` makes them. */
  between(start: number, end: number): readonly CodeLine[];
}

/** A line with all white space made equal. A diff for a model shows a carriage return by its sign. */
export function comparable(text: string): string {
  return text.replace(/[\s␍]+/g, " ").trim();
}

/**
 * Makes an index of lines that stand in runs, such as the hunks of a diff: what is found lies in one of them. Blank
 * lines are passed over, as models pass over them, and secrets are masked, as models are shown them.
 *
 * @param runs from the top down
 */
export function codeIndex(runs: readonly (readonly CodeLine[])[]): CodeIndex {
  const filled = runs.map((run) =>
    maskLines(run)
      .map(({ line, text }) => ({ line, text: comparable(text) }))
      .filter(({ text }) => text !== ""),
  );
  const all = filled.flat();
  const placesOf = remembered((count: number) => placesByText(filled, count));
  return {
    find: (lines) => placesOf(lines.length).get(lines.join("\n")) ?? [],
    between: (start, end) =>
      all.slice(
        lastIndexWhere(all, ({ line }) => line < start) + 1,
        lastIndexWhere(all, ({ line }) => line <= end) + 1,
      ),
  };
}

function placesByText(runs: readonly (readonly CodeLine[])[], count: number): Map<string, LineRange[]> {
  const places = new Map<string, LineRange[]>();
  for (const run of runs) {
    for (let at = 0; at + count <= run.length; at += 1) {
      const lines = run.slice(at, at + count);
      const [first, last] = [lines.at(0), lines.at(-1)];
      if (!first || !last) continue;
      const text = lines.map((line) => line.text).join("\n");
      const known = places.get(text);
      const place = { start: first.line, end: last.line };
      if (known) known.push(place);
      else places.set(text, [place]);
    }
  }
  return places;
}
