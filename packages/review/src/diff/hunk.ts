import type { DiffLine, Hunk } from "../model.ts";
import type { LineReader } from "./line-reader.ts";

/** Counts may be left out, and are then 1. Behind the second `@@` git shows the enclosing function. */
const hunkHeader = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@(?: ([^]*))?$/;

/** Reads the hunks at the reader's place, up to a line that is not a hunk's header. */
export function readHunks(reader: LineReader): Hunk[] {
  const hunks: Hunk[] = [];
  while (reader.peek()?.startsWith("@@")) hunks.push(readHunk(reader));
  return hunks;
}

function readHunk(reader: LineReader): Hunk {
  const header = reader.peek() ?? "";
  if (header.startsWith("@@@")) throw reader.error("a hunk of a combined diff (of a merge) cannot be read");
  const [matched, oldStart, oldLines = "1", newStart, newLines = "1", section = ""] =
    hunkHeader.exec(header) ?? [];
  if (matched === undefined) throw reader.error(`malformed hunk header ${JSON.stringify(header)}`);
  reader.advance();

  const counts = {
    oldStart: Number(oldStart),
    oldLines: Number(oldLines),
    newStart: Number(newStart),
    newLines: Number(newLines),
  };
  const lines = readHunkLines(reader, counts);
  refuseSurplus(reader);
  return { ...counts, section, lines };
}

type HunkCounts = Omit<Hunk, "section" | "lines">;

/** Reads as many lines as the header counts: what a line looks like never ends a hunk. */
function readHunkLines(reader: LineReader, counts: HunkCounts): DiffLine[] {
  const lines: DiffLine[] = [];
  let oldLine = counts.oldStart;
  let newLine = counts.newStart;
  const oldEnd = oldLine + counts.oldLines;
  const newEnd = newLine + counts.newLines;

  while (oldLine < oldEnd || newLine < newEnd) {
    const line = reader.peek();
    if (line === undefined) throw reader.error("the diff ends inside a hunk");
    const text = line.slice(1);
    switch (line[0]) {
      case "+":
        lines.push({ kind: "added", newLine: newLine++, text });
        break;
      case "-":
        lines.push({ kind: "removed", oldLine: oldLine++, text });
        break;
      case " ":
      case undefined: // An empty line of context whose space was trimmed on the way; git apply takes it too.
        lines.push({ kind: "context", oldLine: oldLine++, newLine: newLine++, text });
        break;
      case "\\": // "\ No newline at end of file", about the line before it.
        break;
      default:
        throw reader.error(`not a line of a hunk: ${JSON.stringify(line.slice(0, 80))}`);
    }
    if (oldLine > oldEnd || newLine > newEnd)
      throw reader.error("a hunk has more lines than its header counts");
    reader.advance();
  }
  return lines;
}

function refuseSurplus(reader: LineReader): void {
  if (reader.peek()?.startsWith("\\")) reader.advance();
  if (/^[-+ \\]/.test(reader.peek() ?? ""))
    throw reader.error("a hunk has more lines than its header counts");
}
