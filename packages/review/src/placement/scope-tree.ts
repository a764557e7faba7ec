import type { CodeScope } from "../engine/ports.ts";
import { lastIndexWhere } from "./sorted.ts";

/** The scopes around a line, the innermost first. */
export type ScopesAt = (line: number) => readonly CodeScope[];

/** Makes a tree of scopes, which lie within each other or apart, so that a line's are found without looking at all. */
export function scopeTree(scopes: readonly CodeScope[]): ScopesAt {
  const sorted = scopes.toSorted((a, b) => a.startLine - b.startLine || b.endLine - a.endLine);
  const parents = new Map<CodeScope, CodeScope>();
  const open: CodeScope[] = [];
  for (const scope of sorted) {
    while ((open.at(-1)?.endLine ?? Infinity) < scope.startLine) open.pop();
    const parent = open.at(-1);
    if (parent) parents.set(scope, parent);
    open.push(scope);
  }
  return (line) => {
    const around: CodeScope[] = [];
    let scope = sorted[lastIndexWhere(sorted, ({ startLine }) => startLine <= line)];
    for (; scope; scope = parents.get(scope)) if (line <= scope.endLine) around.push(scope);
    return around;
  };
}

/**
 * The symbol that a line belongs to: the function around it, and those around that; for a line of a class that is in
 * none of its methods, the class. Another method of the same class is another symbol.
 */
export function symbolAt(line: number, scopesAt: ScopesAt): readonly CodeScope[] {
  const around = scopesAt(line);
  const classAt = around.findIndex(({ kind }) => kind === "class");
  return classAt === -1 ? around : around.slice(0, Math.max(classAt, 1));
}
