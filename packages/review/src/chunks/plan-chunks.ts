import type { FileDiff } from "../model.ts";
import { withoutMargin } from "../tokens.ts";
import { type Chunk, toChunk } from "./chunk.ts";
import { type RiskEvidence, risksOf } from "../selection/risk.ts";
import { chooseParts } from "./choose-parts.ts";
import { type Bin, pack } from "./pack.ts";
import type { Part } from "./parts.ts";
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
 * `tokens.ts`), the one with the most risk first. Every line of every hunk is in at most one chunk; lines too long to
 * be shown whole are named in `elided`. Where not everything fits, `chooseParts` says what is read: what is left out
 * is in `skipped`, and the same function plans it when it is asked for. Throws `RangeError` for a budget under 1,000
 * tokens.
 */
export function planChunks(
  files: readonly FileDiff[],
  options: { readonly maxTokens: number; readonly maxChunks: number; readonly evidence?: RiskEvidence },
): ChunkPlan {
  const { maxChunks, evidence = {} } = options;
  const budget = bareBudget(options.maxTokens);
  const parts = renderByImportance(files, { budget, enough: budget * maxChunks * choice, evidence });
  const risk = risksOf(evidence);
  const bins = riskiestFirst(packAtMost(parts, { budget, maxChunks, risk }), risk);
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

/** A review that breaks off has read what matters. What a part says is weighed by its length. */
function riskiestFirst(bins: readonly Bin[], risk: (path: string) => number): Bin[] {
  return bins
    .map((bin) => ({
      bin,
      risk: bin.parts.reduce((sum, part) => sum + part.tokens * risk(part.file.file.path), 0),
    }))
    .toSorted((a, b) => b.risk - a.risk)
    .map(({ bin }) => bin);
}

interface Room {
  /** Of a chunk, in bare tokens. */
  readonly budget: number;
  readonly maxChunks: number;
  readonly risk: (path: string) => number;
}

/** @param parts the most important first */
function packAtMost(parts: readonly Part[], { budget, maxChunks, risk }: Room): Bin[] {
  const all = pack(inFiles(parts), budget);
  if (all.length <= maxChunks) return all;

  // Heads are written again in every chunk that goes on with a file, so the sum may come out a little high.
  for (let tokens = budget * maxChunks; tokens > 0; tokens -= Math.ceil(budget / 50)) {
    const bins = pack(inFiles(chooseParts(parts, tokens, risk)), budget);
    if (bins.length <= maxChunks) return bins;
  }
  return [];
}
