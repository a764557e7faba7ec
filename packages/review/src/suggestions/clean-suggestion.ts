import { indentLike, type Indentation } from "./indentation.ts";

/**
 * The lines of a suggestion as they should stand in the file: without what the diff for a model puts before its
 * lines, and indented as what they replace. Undefined where it is not certain which of its lines were meant.
 */
export function cleanSuggestion(
  suggestion: string,
  replaced: readonly string[],
  startLine: number,
  style: Indentation,
): string | undefined {
  const lines = withoutMarks(suggestion.split("\n"), replaced, startLine);
  return lines && indentLike(lines, replaced, style).join("\n");
}

/** `12 +code` or `12  code`, as in the diff for a model; a removed line has no number. */
const numbered = /^\s*(\d+)(?: ([+ ])|$)/;

function withoutMarks(
  lines: readonly string[],
  replaced: readonly string[],
  startLine: number,
): readonly string[] | undefined {
  const filled = lines.filter((line) => line.trim() !== "");
  if (filled.every((line) => numbered.test(line)) && !replaced.every((line) => numbered.test(line))) {
    const first = Number(numbered.exec(filled[0] ?? "")?.[1]);
    return first === startLine ? lines.map((line) => line.replace(numbered, "")) : undefined;
  }
  const signs = new Set(filled.map((line) => line[0]));
  // Lists and arithmetic begin so, too: then the old lines mostly do.
  const ownSigns = replaced.some((line) => /^[-+]/.test(line));
  if (ownSigns || !(signs.has("+") || signs.has("-"))) return lines;
  if (![...signs].every((sign) => sign === "+" || sign === "-" || sign === " ")) return lines;
  if (signs.has("-")) return afterRemoval(lines, replaced);
  return filled.every((line) => line.startsWith("+")) ? lines.map((line) => line.slice(1)) : undefined;
}

/** A suggestion that is a diff itself: its new lines, if its old ones are those that it replaces. */
function afterRemoval(lines: readonly string[], replaced: readonly string[]): string[] | undefined {
  const side = (other: string): string[] =>
    lines.filter((line) => line !== "" && !line.startsWith(other)).map((line) => line.slice(1));
  const same =
    side("+")
      .map((line) => line.trim())
      .join("\n") === replaced.map((line) => line.trim()).join("\n");
  return same ? side("-") : undefined;
}
