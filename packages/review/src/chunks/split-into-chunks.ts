import type { FileDiff } from "../model.ts";
import { withoutMargin } from "../tokens.ts";
import { type Chunk, toChunk } from "./chunk.ts";
import { pack } from "./pack.ts";
import { inFiles, renderByImportance } from "./render-by-importance.ts";

/** The least budget that holds the heads of a file and a hunk with the longest names, and lines besides. */
const leastChunkTokens = 1_000;

/**
 * Splits a diff into as few chunks as it needs, each of at most `maxTokens` (counted as in `tokens.ts`).
 * Every line of every hunk is in exactly one chunk; lines too long to be shown whole are named in `elided`.
 * Throws `RangeError` for a budget under 1,000 tokens.
 */
export function splitIntoChunks(
  files: readonly FileDiff[],
  options: { readonly maxTokens: number },
): Chunk[] {
  const budget = bareBudget(options.maxTokens);
  return pack(inFiles(renderByImportance(files, budget)), budget).map(toChunk);
}

/** The bare tokens of a chunk. */
export function bareBudget(maxTokens: number): number {
  if (!(maxTokens >= leastChunkTokens)) {
    throw new RangeError(`a chunk needs a budget of ${leastChunkTokens} tokens or more, not ${maxTokens}`);
  }
  return withoutMargin(maxTokens);
}
