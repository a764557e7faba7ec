import type { ReviewCommentRecord, Side } from "../state/model.ts";

/** What a comment covers, as the end of a sentence: `on lines 50 to 53`, `on line 7 (old)`, `on this file`. */
export function onLines(
  { line, startLine }: Pick<ReviewCommentRecord, "line" | "startLine">,
  { side, startSide }: Pick<ReviewCommentRecord, "side" | "startSide">,
): string {
  if (line === null) return "on this file";
  const last = numbered(line, side);
  return startLine === null
    ? `on line ${last}`
    : `on lines ${numbered(startLine, startSide ?? side)} to ${last}`;
}

function numbered(line: number, side: Side): string {
  return side === "LEFT" ? `${line} (old)` : String(line);
}
