import { type FileHead, type Part, type RenderedFile, splitPart } from "./parts.ts";

/** What becomes one chunk. Tokens are bare, heads of files included. */
export interface Bin {
  readonly parts: readonly Part[];
  readonly tokens: number;
}

interface OpenBin extends Bin {
  readonly parts: Part[];
  tokens: number;
  /** Of the files whose heads are in it. */
  readonly fileIndexes: Set<number>;
}

/** What is kept in one piece as long as it fits into a chunk at all. */
type Grain = "file" | "hunk" | "line";

/**
 * Puts every part into a bin of at most `budget` bare tokens. Files stay whole if that takes no more bins
 * than there must be; else hunks do; else hunks are cut wherever a bin is full.
 */
export function pack(files: readonly RenderedFile[], budget: number): Bin[] {
  const least = Math.ceil(files.reduce((sum, file) => sum + fileTokens(file), 0) / budget);
  let best: Bin[] | undefined;
  for (const grain of ["file", "hunk", "line"] as const) {
    const bins = packBy(grain, files, budget);
    if (!best || bins.length < best.length) best = bins;
    if (best.length <= least) break;
  }
  return best ?? [];
}

function packBy(grain: Grain, files: readonly RenderedFile[], budget: number): Bin[] {
  const bins: OpenBin[] = [];
  for (const file of files) {
    if (grain === "file" && fileTokens(file) <= budget) {
      putWhole(bins, file.parts, budget);
      continue;
    }
    for (const part of file.parts) {
      if (grain !== "line" && file.head.tokens + part.tokens <= budget) putWhole(bins, [part], budget);
      else fill(bins, part, budget);
    }
  }
  return bins;
}

/** The first bin with room takes all of the parts, which are of one file. */
function putWhole(bins: OpenBin[], parts: readonly Part[], budget: number): void {
  const tokens = parts.reduce((sum, part) => sum + part.tokens, 0);
  const [first] = parts;
  if (!first) return;
  const bin = bins.find((each) => room(each, first.file, budget) >= tokens) ?? open(bins);
  for (const part of parts) put(bin, part);
}

/** Pours a part into the last bin, and what does not fit into new ones. */
function fill(bins: OpenBin[], part: Part, budget: number): void {
  let rest: Part | undefined = part;
  let bin = bins.at(-1) ?? open(bins);
  while (rest) {
    const space = room(bin, rest.file, budget);
    if (rest.tokens <= space) {
      put(bin, rest);
      return;
    }
    const cut = splitPart(rest, space);
    if (cut) put(bin, cut[0]);
    else if (bin.parts.length === 0) throw new RangeError(`a budget of ${budget} tokens holds no line`);
    rest = cut ? cut[1] : rest;
    bin = open(bins);
  }
}

/** What is left in `bin` for lines of `file`, whose head is written once in a bin. */
function room(bin: OpenBin, file: FileHead, budget: number): number {
  return budget - bin.tokens - (bin.fileIndexes.has(file.index) ? 0 : file.head.tokens);
}

function put(bin: OpenBin, part: Part): void {
  bin.tokens += part.tokens + (bin.fileIndexes.has(part.file.index) ? 0 : part.file.head.tokens);
  bin.fileIndexes.add(part.file.index);
  bin.parts.push(part);
}

function open(bins: OpenBin[]): OpenBin {
  const bin: OpenBin = { parts: [], tokens: 0, fileIndexes: new Set() };
  bins.push(bin);
  return bin;
}

/** A whole file's bare tokens. */
function fileTokens(file: RenderedFile): number {
  return file.parts.reduce((sum, part) => sum + part.tokens, file.parts.length === 0 ? 0 : file.head.tokens);
}
