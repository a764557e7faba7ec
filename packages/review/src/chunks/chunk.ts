import { countChanges } from "../diff/parse-diff.ts";
import type { FileDiff } from "../model.ts";
import { withMargin } from "../tokens.ts";
import type { Bin } from "./pack.ts";
import type { ElidedLine, Part } from "./parts.ts";

/** As much of a diff as one call of a model reads. */
export interface Chunk {
  readonly files: readonly ChunkFile[];
  /** What `text` takes of the budget, the margin included. */
  readonly tokens: number;
  /** The diff as the model reads it: see `render.ts`. It comes from the pull request and is not trusted. */
  readonly text: string;
  /** Lines of which `text` shows the beginning only. */
  readonly elided: readonly ElidedLine[];
}

/** A file's hunks that are in a chunk; its counts are those of these hunks. */
export interface ChunkFile {
  readonly file: FileDiff;
  /** Whether these are all of the file's lines. */
  readonly whole: boolean;
}

/** Writes a bin out, its files and hunks in the order of the diff. */
export function toChunk(bin: Bin): Chunk {
  const groups = [...Map.groupBy(bin.parts.toSorted(inDiffOrder), (part) => part.file.index).values()];
  return {
    files: groups.map(toChunkFile),
    tokens: withMargin(bin.tokens),
    text: groups.map(fileText).join(""),
    elided: bin.parts.flatMap(elidedLines),
  };
}

/** Files as the diff has them, hunks from the top down. */
export function inDiffOrder(a: Part, b: Part): number {
  return (
    a.file.index - b.file.index || a.hunk.newStart - b.hunk.newStart || a.hunk.oldStart - b.hunk.oldStart
  );
}

function toChunkFile(parts: readonly Part[]): ChunkFile {
  const [first] = parts;
  if (!first) throw new RangeError("a file of a chunk has a part");
  const { file } = first.file;
  const hunks = parts.map((part) => part.hunk);
  return {
    file: { ...file, ...countChanges(hunks), hunks },
    whole: lineCount(hunks) === lineCount(file.hunks),
  };
}

export function lineCount(hunks: FileDiff["hunks"]): number {
  return hunks.reduce((sum, hunk) => sum + hunk.lines.length, 0);
}

function fileText(parts: readonly Part[]): string {
  const head = parts[0]?.file.head.text ?? "";
  return (
    head + parts.map((part) => part.head.text + part.hunk.lines.map(part.lines.textOf).join("")).join("")
  );
}

/** The lines of a part that its text does not show whole. */
export function elidedLines(part: Part): ElidedLine[] {
  if (part.lines.elided.size === 0) return [];
  return part.hunk.lines.flatMap((line) => {
    const characters = part.lines.elided.get(line)?.elidedLength;
    if (characters === undefined) return [];
    return {
      path: part.file.file.path,
      ...(line.kind === "removed" ? {} : { newLine: line.newLine }),
      characters,
    };
  });
}
