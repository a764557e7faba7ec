import { addedLines, type FileDiff } from "@nectr/review";
import type { Comment, Span } from "./span.ts";

/** Numbers from 0 to 1 that are the same for the same seed (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * The same comments, each on an added line that is drawn by lot, and as long as it was: what a reviewer scores who does
 * not read. Where a change adds nothing they stay away.
 */
export function drawComments(
  comments: readonly Comment[],
  files: readonly FileDiff[],
  random: () => number,
): (Span & Pick<Comment, "severity">)[] {
  const lines = files.flatMap((file) => [...addedLines(file)].map((line) => ({ path: file.path, line })));
  return comments.flatMap(({ severity, startLine, endLine }) => {
    const drawn = lines[Math.floor(random() * lines.length)];
    if (drawn === undefined) return [];
    const { path, line } = drawn;
    return [{ path, side: "new", startLine: line - (endLine - startLine), endLine: line, severity }];
  });
}
