import type { LockedPackage } from "./locked-package.ts";

/** Reads `go.mod`: the modules that are required, and those that others take the place of. */
export function readGoMod(content: string): LockedPackage[] {
  const lines = content.split(/\r?\n/);
  const replaced = new Map<string, string>();
  for (const line of lines) {
    const [, old, by] = /^\s*(?:replace\s+)?(\S+)(?:\s+v\S+)?\s+=>\s+([^.\s/]\S*\.\S*)/.exec(line) ?? [];
    if (old !== undefined && by !== undefined) replaced.set(old, by);
  }
  let block = "";
  return lines.flatMap((line, index): LockedPackage[] => {
    block = /^(\w+) \($/.exec(line)?.[1] ?? (line === ")" ? "" : block);
    const [, name, version] = /^(?:require\s+|\s+)([^\s=]+)\s+(v\S+)/.exec(line) ?? [];
    if (name === undefined || version === undefined) return [];
    if (!line.startsWith("require") && block !== "require") return [];
    const source = replaced.get(name);
    const direct = !/\/\/ indirect/.test(line);
    return [{ name, version, line: index + 1, direct, ...(source === undefined ? {} : { source }) }];
  });
}

/** Reads `go.sum`: the modules of which the content was asked for, with its hash. */
export function readGoSum(content: string): LockedPackage[] {
  return content.split(/\r?\n/).flatMap((line, index) => {
    const [, name, version, integrity] = /^(\S+) (v\S+) (h1:\S+)$/.exec(line) ?? [];
    if (name === undefined || version === undefined || integrity === undefined) return [];
    return version.endsWith("/go.mod") ? [] : [{ name, version, integrity, line: index + 1 }];
  });
}
