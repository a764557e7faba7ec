import type { FileDiff, Hunk } from "../model.ts";
import { type RiskEvidence, risksOf } from "../selection/risk.ts";
import { inDiffOrder } from "./chunk.ts";
import { type FileHead, headOf, type Part, type RenderedFile, renderPart } from "./parts.ts";
import { longestLine } from "./render.ts";

/**
 * Renders hunks, each as one part: file by file, in the order of `byImportance`. It ends where they take `enough` bare
 * tokens: to render is to count tokens, and in a diff of which little can be read that takes the longest.
 *
 * @param budget of a chunk, in bare tokens: two lines and all heads fit into it
 */
export function renderByImportance(
  files: readonly FileDiff[],
  { budget, enough, evidence }: { budget: number; enough: number; evidence: RiskEvidence },
): Part[] {
  const heads = new Map<number, FileHead>();
  const parts: Part[] = [];
  let tokens = 0;
  for (const { file, index, hunk } of byImportance(files, evidence)) {
    if (tokens >= enough) break;
    const head = heads.get(index) ?? headOf(file, index);
    heads.set(index, head);
    const part = renderPart(head, hunk, Math.floor(budget / 4));
    parts.push(part);
    tokens += part.tokens;
  }
  return parts;
}

/** The same parts by their files, files and hunks in the order of the diff. */
export function inFiles(parts: readonly Part[]): RenderedFile[] {
  const files = Map.groupBy(parts.toSorted(inDiffOrder), (part) => part.file);
  return [...files].map(([head, ofFile]) => ({ ...head, parts: ofFile }));
}

interface RankedHunk {
  readonly file: FileDiff;
  readonly index: number;
  readonly hunk: Hunk;
}

/**
 * Hunks, file by file: the sooner, the more risk there is for what it takes to read the file, so that many small
 * changes come before a large one. Of one file's hunks the smallest is the first.
 */
export function byImportance(files: readonly FileDiff[], evidence: RiskEvidence = {}): RankedHunk[] {
  const risk = risksOf(evidence);
  return files
    .map((file, index) => {
      const hunks = file.hunks.map((hunk) => ({ file, index, hunk, size: charactersOf(hunk) }));
      const size = hunks.reduce((sum, hunk) => sum + hunk.size, file.path.length);
      return { hunks: hunks.toSorted((a, b) => a.size - b.size), cost: size / risk(file.path) };
    })
    .toSorted((a, b) => a.cost - b.cost)
    .flatMap(({ hunks }) => hunks);
}

/** What a line's number and its sign take, in characters. */
const lineHead = 8;

function charactersOf(hunk: Hunk): number {
  return hunk.lines.reduce((sum, line) => sum + Math.min(line.text.length, longestLine) + lineHead, 0);
}
