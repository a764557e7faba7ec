import type { CodeScope } from "../engine/ports.ts";
import type { Hunk } from "../model.ts";

/** The innermost function or class around changed lines, and those around it, the outermost first. */
export interface Enclosing {
  readonly scope: CodeScope;
  readonly outer: readonly CodeScope[];
  /** The changed lines in it that are in nothing smaller, ascending. */
  readonly changed: number[];
}

/**
 * Finds what encloses each of the lines; a line outside of everything is absent. Takes scopes and lines in one pass.
 *
 * @param lines ascending
 */
export function enclosingByLine(
  scopes: readonly CodeScope[],
  lines: readonly number[],
): Map<number, Enclosing> {
  const waiting = scopes.toSorted((a, b) => a.startLine - b.startLine || b.endLine - a.endLine);
  const open: CodeScope[] = [];
  const known = new Map<CodeScope, Enclosing>();
  const found = new Map<number, Enclosing>();
  const close = (line: number) => {
    while ((open.at(-1)?.endLine ?? Infinity) < line) open.pop();
  };
  let next = 0;
  for (const line of lines) {
    for (let scope = waiting[next]; scope && scope.startLine <= line; scope = waiting[++next]) {
      close(scope.startLine);
      open.push(scope);
    }
    close(line);
    const innermost = open.at(-1);
    if (!innermost) continue;
    const enclosing = known.get(innermost) ?? { scope: innermost, outer: open.slice(0, -1), changed: [] };
    known.set(innermost, enclosing);
    enclosing.changed.push(line);
    found.set(line, enclosing);
  }
  return found;
}

/** The new version's lines that a hunk changes, ascending; for lines that are gone, the one that follows them. */
export function changedLines(hunk: Hunk): number[] {
  const lines = new Set<number>();
  // A hunk without new lines stands behind the line that its start names.
  const first = hunk.newLines === 0 ? Math.max(1, hunk.newStart) : hunk.newStart;
  const last = Math.max(first, hunk.newStart + hunk.newLines - 1);
  let next = first;
  for (const line of hunk.lines) {
    if (line.kind !== "context") lines.add(Math.min(line.kind === "added" ? line.newLine : next, last));
    if (line.kind !== "removed") next = line.newLine + 1;
  }
  return [...lines];
}
