import type { LockedPackage } from "./locked-package.ts";

/** Reads `Gemfile.lock`. */
export function readGemfileLock(content: string): LockedPackage[] {
  const lines = content.split(/\r?\n/);
  const direct = new Set<string>();
  const checksums = new Map<string, string>();
  const gems: LockedPackage[] = [];
  let section = "";
  let remote = "";
  for (const [index, line] of lines.entries()) {
    if (/^[A-Z]/.test(line)) [section, remote] = [line, ""];
    remote = /^ {2}remote: (\S+)/.exec(line)?.[1] ?? remote;
    const [, indent, name, version, rest] =
      /^( {2}| {4})(\S+?)!?(?: \(([^)]*)\))?(?: (.*))?$/.exec(line) ?? [];
    if (name === undefined) continue;
    if (section === "DEPENDENCIES") direct.add(name);
    if (section === "CHECKSUMS") checksums.set(`${name} ${version}`, rest ?? "");
    if (indent?.length !== 4 || version === undefined || !/^(GEM|GIT)$/.test(section)) continue;
    gems.push({ name, version, line: index + 1, ...(section === "GIT" ? { source: remote } : {}) });
  }
  return gems.map((gem) => {
    const integrity = checksums.get(`${gem.name} ${gem.version}`);
    const known = { ...gem, direct: direct.has(gem.name) };
    return integrity === undefined || integrity === "" ? known : { ...known, integrity };
  });
}
