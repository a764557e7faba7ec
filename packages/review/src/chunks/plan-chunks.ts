import type { FileDiff, SkippedFile } from "../model.ts";
import { rank } from "../selection/rank.ts";
import { type Chunk, toChunk } from "./chunk.ts";
import { type Bin, pack } from "./pack.ts";
import { type Part, type RenderedFile, splitPart } from "./parts.ts";
import { reportReading } from "./reading.ts";
import { bareBudget, renderFiles } from "./split-into-chunks.ts";

/** What will be read in how many calls, and what will not. */
export interface ChunkPlan {
  readonly chunks: readonly Chunk[];
  /** Files of which every added line is in a chunk, whole. */
  readonly filesRead: number;
  /** Added lines of all files given, and those of them that are in a chunk, whole. */
  readonly addedLines: number;
  readonly addedLinesRead: number;
  /** Files that are not read, or in part, with how much of them and why. */
  readonly skipped: readonly SkippedFile[];
}

/**
 * Splits a diff into at most `maxChunks` chunks of at most `maxTokens` each. What does not fit is left out
 * by hunks, documents before tests before source, and the largest hunks first, since many small changes say
 * more about a pull request than a large one. Throws `RangeError` for a budget too small.
 */
export function planChunks(
  files: readonly FileDiff[],
  options: { readonly maxTokens: number; readonly maxChunks: number },
): ChunkPlan {
  const budget = bareBudget(options.maxTokens);
  const rendered = renderFiles(files, budget);
  const bins = packAtMost(rendered, budget, options.maxChunks);
  return {
    chunks: bins.map(toChunk),
    ...reportReading(
      files,
      bins.flatMap((bin) => bin.parts),
    ),
  };
}

function packAtMost(files: readonly RenderedFile[], budget: number, maxChunks: number): Bin[] {
  const all = pack(files, budget);
  if (all.length <= maxChunks) return all;
  if (maxChunks < 1) return [];

  // Heads are written again in every chunk that goes on with a file, so the sum may come out a little high.
  for (let tokens = budget * maxChunks; tokens > 0; tokens -= Math.ceil(budget / 50)) {
    const bins = pack(chooseParts(files, tokens), budget);
    if (bins.length <= maxChunks) return bins;
  }
  return [];
}

/** The parts that matter most, of at most `tokens` bare tokens with their files' heads. */
function chooseParts(files: readonly RenderedFile[], tokens: number): RenderedFile[] {
  const chosen = new Map<Part, Part>();
  const headed = new Set<number>();
  let left = tokens;
  for (const part of byImportance(files)) {
    const space = left - (headed.has(part.file.index) ? 0 : part.file.head.tokens);
    const taken = part.tokens <= space ? part : splitPart(part, space)?.[0];
    if (!taken) continue;
    chosen.set(part, taken);
    headed.add(part.file.index);
    left = space - taken.tokens;
  }
  return files.map((file) => ({ ...file, parts: file.parts.flatMap((part) => chosen.get(part) ?? []) }));
}

function byImportance(files: readonly RenderedFile[]): Part[] {
  return files
    .flatMap((file) => file.parts)
    .toSorted((a, b) => rank(a.file.file.path) - rank(b.file.file.path) || a.tokens - b.tokens);
}
