import { type Draft, isRegistryAddress, type LockedPackage } from "./locked-package.ts";

/**
 * Reads `pnpm-lock.yaml` of versions 5 to 9, line by line: pnpm writes it always alike, and a parser of YAML takes
 * seconds for a large one.
 */
export function readPnpmLock(content: string): LockedPackage[] {
  const direct = new Set<string>();
  const packages: Draft[] = [];
  let section = "";
  let current: Draft | undefined;
  for (const [index, line] of content.split(/\r?\n/).entries()) {
    const [, indent = "", quotedKey = "", rest = ""] =
      /^( *)('[^']*'|[^\s:'][^:]*(?::[^\s][^:]*)*):(.*)$/.exec(line) ?? [];
    if (quotedKey === "") continue;
    const key = quotedKey.replace(/^'|'$/g, "");
    if (indent === "") section = key;
    if (section === "packages" && indent.length === 2) {
      current = packageAt(key, index + 1);
      if (current !== undefined) packages.push(current);
    } else if (section === "packages" && indent.length === 4 && current !== undefined) {
      addField(current, key, rest);
    } else if (isDirect(section, indent.length)) direct.add(key);
  }
  return packages.map((each) => ({ ...each, direct: direct.has(each.name) }));
}

/** `importers` names each project's dependencies six columns in; before there were projects they stood at the top. */
function isDirect(section: string, indent: number): boolean {
  if (section === "importers") return indent === 6;
  return /^(dependencies|devDependencies|optionalDependencies)$/.test(section) && indent === 2;
}

/** `/name/1.0.0`, `/name@1.0.0(peer)` or `name@1.0.0`, by the version of the format. */
function packageAt(key: string, line: number): Draft | undefined {
  const plain = key.replace(/^\//, "").replace(/[(_].*$/, "");
  const [, name, version] = /^((?:@[^/]+\/)?[^@/]+)[@/](.+)$/.exec(plain) ?? [];
  if (name === undefined || version === undefined || /^(link|file):/.test(version)) return undefined;
  // What is locked to an address has it in place of a version.
  return { name, version, line, ...(/^(https?|git)[+:]/.test(version) ? { source: key } : {}) };
}

function addField(current: Draft, key: string, rest: string): void {
  if (key === "requiresBuild") current.installScript = rest.trim() === "true";
  if (key === "version") current.version = rest.trim();
  if (key !== "resolution") return;
  const integrity = /integrity: ([^,}\s]+)/.exec(rest)?.[1];
  const source = /(?:tarball|repo): ([^,}\s]+)/.exec(rest)?.[1];
  if (integrity !== undefined) current.integrity = integrity;
  if (source !== undefined && (/repo:/.test(rest) || !isRegistryAddress(source))) current.source = source;
}
