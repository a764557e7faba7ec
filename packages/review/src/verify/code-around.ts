import { firstCharacters } from "../clip.ts";
import type { Finding } from "../model.ts";
import type { FileIndex } from "../placement/file-index.ts";
import { type Lines, namedLines } from "../placement/find-quote.ts";
import { lastIndexWhere, nearestNumber } from "../placement/sorted.ts";
import { fence } from "../prompt/fence.ts";
import { oneLine } from "../prompt/one-line.ts";

/** How much code stands with a claim: lines before and after its own, and characters of one line. */
export interface Bounds {
  readonly lines: number;
  readonly characters: number;
}

/** The code that a claim is about: its diff, and the function or class around it as it is now. */
export function codeAround(
  finding: Finding,
  index: FileIndex | undefined,
  text: readonly string[] | undefined,
  bounds: Bounds,
): string {
  if (!index) return "No code of this file is known.";
  const lines = namedLines(finding);
  const path = oneLine(index.file.path);
  const diff = diffAround(index, lines, bounds);
  const scope = text === undefined ? "" : scopeText(index, text, lines, bounds);
  const parts = [
    diff === "" ? "" : `The change there:\n${fence("diff", `=== ${path}\n${diff}`)}`,
    scope === ""
      ? ""
      : `The code around it, as it is after the change:\n${fence("file", `=== ${path}\n${scope}`)}`,
  ].filter((part) => part !== "");
  return parts.length === 0 ? "The diff shows nothing of these lines." : parts.join("\n");
}

function diffAround({ rows }: FileIndex, { side, start, end }: Lines, bounds: Bounds): string {
  const all = rows(side);
  const last = all[lastIndexWhere(all, ({ line }) => line <= Math.min(end, start + bounds.lines))];
  // Of lines that the diff does not show, one that they follow at once.
  if (!last || last.line < start - 1) return "";
  const above = lastIndexWhere(all, ({ line }) => line < start);
  const first = all[above + 1]?.hunk === last.hunk ? all[above + 1] : last;
  const from = Math.max(0, (first ?? last).at - bounds.lines);
  return last.hunk.lines
    .slice(from, last.at + bounds.lines + 1)
    .map((line) => {
      const text = shownLine(line.text, bounds);
      if (line.kind === "removed") return `${line.oldLine} -${text}`;
      return `${line.newLine} ${line.kind === "added" ? "+" : " "}${text}`;
    })
    .join("\n");
}

/** As the diff for a model shows it (see `chunks/render.ts`), which is cut otherwise. */
function shownLine(text: string, { characters }: Bounds): string {
  const cut = text.length > characters ? `${firstCharacters(text, characters)} […]` : text;
  return cut.replace(/\r$/, "").replaceAll("\r", "␍");
}

/** The innermost function or class, numbered; a long one only near the lines. */
function scopeText(
  { file, scopesAt, added }: FileIndex,
  text: readonly string[],
  { side, start, end }: Lines,
  bounds: Bounds,
): string {
  if (side === "old" || file.status === "removed") return "";
  const scope = scopesAt().of?.(start)[0];
  const from = Math.max(1, scope?.startLine ?? 1, start - bounds.lines);
  const to = Math.min(
    text.length,
    scope?.endLine ?? text.length,
    Math.min(end, start + bounds.lines) + bounds.lines,
  );
  return text
    .slice(from - 1, to)
    .map((content, at) => {
      const line = from + at;
      const isAdded = nearestNumber(added(), line, { start: line, end: line }) !== undefined;
      return `${line} ${isAdded ? "+" : " "}${shownLine(content, bounds)}`;
    })
    .join("\n");
}
