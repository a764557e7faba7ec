import type { FileDiff } from "../model.ts";

/**
 * A file's text before the change, by taking its diff back out of its new text: that of the merge base, for which nobody
 * has to be asked. Whether the last line ended in a line feed is not told by a diff; it ends as the new text does.
 *
 * @returns undefined where diff and text do not fit together, or the diff is not all there
 */
export function baseTextOf(file: FileDiff, headText: string): string | undefined {
  if (file.status === "added") return "";
  if (file.patchMissing || file.binary || file.status === "removed") return undefined;
  const lines = headText.split("\n");
  const base: string[] = [];
  let next = 0;
  for (const hunk of file.hunks) {
    // A hunk without new lines stands behind the line that its start names.
    const start = hunk.newLines === 0 ? hunk.newStart : hunk.newStart - 1;
    if (start < next || start > lines.length) return undefined;
    for (; next < start; next += 1) base.push(lines[next] ?? "");
    for (const line of hunk.lines) {
      if (line.kind !== "added") base.push(line.text);
      if (line.kind === "removed") continue;
      if (lines[next] !== line.text) return undefined;
      next += 1;
    }
  }
  return [...base, ...lines.slice(next)].join("\n");
}
