import type { FileDiff, Hunk } from "../model.ts";
import { rank } from "../selection/rank.ts";
import { inDiffOrder } from "./chunk.ts";
import { type FileHead, headOf, type Part, type RenderedFile, renderPart } from "./parts.ts";
import { longestLine } from "./render.ts";

/**
 * Renders hunks, each as one part: documents after tests after source, and the largest last, since many small
 * changes say more about a pull request than a large one. It ends where they take `enough` bare tokens: to render is
 * to count tokens, and in a diff of which little can be read that takes the longest.
 *
 * @param budget of a chunk, in bare tokens: two lines and all heads fit into it
 */
export function renderByImportance(files: readonly FileDiff[], budget: number, enough: number): Part[] {
  const heads = new Map<number, FileHead>();
  const parts: Part[] = [];
  let tokens = 0;
  for (const { file, index, hunk } of byImportance(files)) {
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

function byImportance(files: readonly FileDiff[]): RankedHunk[] {
  return files
    .flatMap((file, index) => {
      const fileRank = rank(file.path);
      return file.hunks.map((hunk) => ({ file, index, hunk, rank: fileRank, size: charactersOf(hunk) }));
    })
    .toSorted((a, b) => a.rank - b.rank || a.size - b.size);
}

function charactersOf(hunk: Hunk): number {
  return hunk.lines.reduce((sum, line) => sum + Math.min(line.text.length, longestLine), 0);
}
