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

/** How full every bin but the last is to be. The fuller, the more files and hunks are torn, and the fewer bins. */
const fillings = [0.95, 0.98, 1];

/**
 * Puts every part into a bin of at most `budget` bare tokens, all but the last of them nearly full, in as few as there
 * must be where that can be had. A bin takes whole files in the order given; where none fits any more, and it is not
 * full enough, one file is torn between hunks; and where no hunk fits either, a hunk is cut.
 */
export function pack(files: readonly RenderedFile[], budget: number): Bin[] {
  const waiting = files.filter(({ parts }) => parts.length > 0).map(waitingFile);
  const least = Math.ceil(waiting.reduce((sum, file) => sum + file.tokens, 0) / budget);
  let best: Bin[] | undefined;
  for (const filling of fillings) {
    const bins = packTo(filling * budget, waiting, budget);
    if (!best || bins.length < best.length) best = bins;
    if (best.length <= least) break;
  }
  return best ?? [];
}

/** A file, or what is left of it. */
interface WaitingFile extends RenderedFile {
  /** With its head. */
  readonly tokens: number;
}

function waitingFile(file: RenderedFile): WaitingFile {
  return { ...file, tokens: file.parts.reduce((sum, part) => sum + part.tokens, file.head.tokens) };
}

function packTo(target: number, files: readonly WaitingFile[], budget: number): Bin[] {
  const bins: Bin[] = [];
  let waiting = files;
  while (waiting.length > 0) {
    const bin: OpenBin = { parts: [], tokens: 0, fileIndexes: new Set() };
    waiting = putWhole(bin, waiting, { target, budget });
    if (bin.tokens < target) waiting = putTorn(bin, waiting, { target, budget });
    if (bin.parts.length === 0) throw new RangeError(`a budget of ${budget} tokens holds no line`);
    bins.push(bin);
  }
  return bins;
}

interface Limits {
  readonly target: number;
  readonly budget: number;
}

/** Files that fit whole, until the bin is full enough. Returns the others. */
function putWhole(bin: OpenBin, files: readonly WaitingFile[], { target, budget }: Limits): WaitingFile[] {
  const left: WaitingFile[] = [];
  for (const [index, file] of files.entries()) {
    if (bin.tokens >= target) return [...left, ...files.slice(index)];
    if (file.tokens > budget - bin.tokens) left.push(file);
    else for (const part of file.parts) put(bin, part);
  }
  return left;
}

/** Fills a bin with a part of one file: of one that has to be torn anyway, where there is one. */
function putTorn(bin: OpenBin, files: readonly WaitingFile[], { target, budget }: Limits): WaitingFile[] {
  const torn = files.find(({ tokens }) => tokens > budget) ?? files[0];
  if (!torn) return [];
  const rest = [...torn.parts];
  for (let part = rest.shift(); part; part = rest.shift()) {
    const space = room(bin, part.file, budget);
    const pieces = part.tokens <= space ? [part] : bin.tokens < target ? splitPart(part, space) : undefined;
    const [fitting, remainder] = pieces ?? [];
    if (fitting) put(bin, fitting);
    if (fitting === part) continue;
    rest.unshift(remainder ?? part);
    break;
  }
  return files.flatMap((file) => {
    if (file !== torn) return file;
    return rest.length === 0 ? [] : waitingFile({ ...torn, parts: rest });
  });
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
