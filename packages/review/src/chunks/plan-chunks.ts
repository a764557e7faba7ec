import type { FileDiff } from "../model.ts";
import { withoutMargin } from "../tokens.ts";
import { type Chunk, toChunk } from "./chunk.ts";
import { type Bin, pack } from "./pack.ts";
import { type Part, splitPart } from "./parts.ts";
import { type Reading, reportReading } from "./reading.ts";
import { inFiles, renderByImportance } from "./render-by-importance.ts";

/** The least budget that holds the heads of a file and a hunk with the longest names, and lines besides. */
const leastChunkTokens = 1_000;

/** What will be read in how many calls, and what will not. */
export interface ChunkPlan extends Reading {
  readonly chunks: readonly Chunk[];
}

/**
 * Splits a diff into as few chunks as it needs, at most `maxChunks`, each of at most `maxTokens` (counted as in
 * `tokens.ts`). Every line of every hunk is in at most one chunk; lines too long to be shown whole are named in
 * `elided`. What does not fit is left out by hunks, documents before tests before source, and the largest hunks
 * first, since many small changes say more about a pull request than a large one. Throws `RangeError` for a budget
 * under 1,000 tokens.
 */
export function planChunks(
  files: readonly FileDiff[],
  options: { readonly maxTokens: number; readonly maxChunks: number },
): ChunkPlan {
  const budget = bareBudget(options.maxTokens);
  const enough = budget * options.maxChunks * choice;
  const bins = packAtMost(renderByImportance(files, budget, enough), budget, options.maxChunks);
  return {
    chunks: bins.map(toChunk),
    ...reportReading(
      files,
      bins.flatMap((bin) => bin.parts),
    ),
  };
}

/** The bare tokens of a chunk. */
function bareBudget(maxTokens: number): number {
  if (!(maxTokens >= leastChunkTokens)) {
    throw new RangeError(`a chunk needs a budget of ${leastChunkTokens} tokens or more, not ${maxTokens}`);
  }
  return withoutMargin(maxTokens);
}

/** More than all chunks hold is rendered, so that there is something to fill the last one with. */
const choice = 1.25;

/** @param parts the most important first */
function packAtMost(parts: readonly Part[], budget: number, maxChunks: number): Bin[] {
  const all = pack(inFiles(parts), budget);
  if (all.length <= maxChunks) return all;

  // Heads are written again in every chunk that goes on with a file, so the sum may come out a little high.
  for (let tokens = budget * maxChunks; tokens > 0; tokens -= Math.ceil(budget / 50)) {
    const bins = pack(inFiles(chooseParts(parts, tokens)), budget);
    if (bins.length <= maxChunks) return bins;
  }
  return [];
}

/** The first parts, of at most `tokens` bare tokens with their files' heads. */
function chooseParts(parts: readonly Part[], tokens: number): Part[] {
  const chosen: Part[] = [];
  const headed = new Set<number>();
  let left = tokens;
  for (const part of parts) {
    const space = left - (headed.has(part.file.index) ? 0 : part.file.head.tokens);
    const taken = part.tokens <= space ? part : splitPart(part, space)?.[0];
    if (!taken) continue;
    chosen.push(taken);
    headed.add(part.file.index);
    left = space - taken.tokens;
  }
  return chosen;
}
