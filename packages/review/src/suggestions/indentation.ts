/** How a file indents its lines. */
export interface Indentation {
  readonly by: "spaces" | "tabs";
  /** Columns of one step. */
  readonly step: number;
}

/** Lines that are looked at, to know a file's indentation. */
const sample = 2_000;

/** How a text indents, as most of its lines do; spaces where none of them is indented. */
export function indentationOf(lines: readonly string[]): Indentation {
  const indents = lines
    .slice(0, sample)
    .map(indentOf)
    .filter((indent) => indent !== "");
  const tabs = indents.filter((indent) => indent.startsWith("\t")).length;
  if (tabs * 2 > indents.length) return { by: "tabs", step: 4 };
  return { by: "spaces", step: stepOf(indents.filter((indent) => /^ +$/.test(indent))) ?? 4 };
}

/**
 * The lines in the file's own indentation: tabs for spaces or the reverse, and what the model lost of it (on all lines,
 * or on the first alone, where an answer was trimmed) put back, by the first of the lines that they replace.
 */
export function indentLike(
  lines: readonly string[],
  replaced: readonly string[],
  style: Indentation,
): readonly string[] {
  const wanted = indentOf(replaced.find(isFilled) ?? "");
  const styled = inStyle(
    lines,
    wanted === "" ? style : { ...style, by: wanted.includes("\t") ? "tabs" : "spaces" },
  );
  const first = styled.findIndex(isFilled);
  if (wanted === "" || indentOf(styled[first] ?? "") !== "") return styled;
  const onlyFirst = lostOnFirst(styled.slice(first).filter(isFilled), wanted);
  return styled.map((line, index) =>
    isFilled(line) && (index === first || !onlyFirst) ? wanted + line : line,
  );
}

/**
 * Whether only the first line lost its indentation: all others have it, and are indented more than it where it opens
 * a block. Where that would fit both, the others would have to be in the block or beside it.
 */
function lostOnFirst([first = "", ...others]: readonly string[], wanted: string): boolean {
  if (others.length === 0 || !others.every((line) => line.startsWith(wanted))) return false;
  const opens = /[{([:]\s*$|=>\s*$/.test(first);
  return !opens || indentOf(others[0] ?? "").length > wanted.length;
}

function inStyle(lines: readonly string[], { by, step }: Indentation): readonly string[] {
  const indents = lines.filter(isFilled).map(indentOf);
  if (by === "spaces") {
    return indents.some((indent) => indent.includes("\t"))
      ? lines.map((line) => withIndent(line, (indent) => indent.replaceAll("\t", " ".repeat(step))))
      : lines;
  }
  const width = stepOf(indents.filter((indent) => /^ +$/.test(indent)));
  if (width === undefined) return lines;
  return lines.map((line) =>
    withIndent(line, (indent) => {
      const columns = indent.replaceAll("\t", " ".repeat(width)).length;
      return "\t".repeat(Math.floor(columns / width)) + " ".repeat(columns % width);
    }),
  );
}

function withIndent(line: string, change: (indent: string) => string): string {
  const indent = indentOf(line);
  return change(indent) + line.slice(indent.length);
}

/** The columns of a step: the smallest common part of the widths, of those in use. */
function stepOf(indents: readonly string[]): number | undefined {
  const widths = indents.map(({ length }) => length);
  if (widths.length === 0) return undefined;
  const share = (step: number): number => widths.filter((width) => width % step === 0).length / widths.length;
  return [8, 4, 3, 2].find((step) => share(step) > 0.9) ?? 2;
}

function indentOf(line: string): string {
  return /^[ \t]*/.exec(line)?.[0] ?? "";
}

function isFilled(line: string): boolean {
  return line.trim() !== "";
}
