import { type Draft, isRegistryAddress, type LockedPackage } from "./locked-package.ts";

/** Reads `yarn.lock`, of the first yarn and of the later ones. It does not tell what the project asked for. */
export function readYarnLock(content: string): LockedPackage[] {
  const packages: Draft[] = [];
  let current: Draft | undefined;
  for (const [index, line] of content.split(/\r?\n/).entries()) {
    const name = /^"?((?:@[^/@\s"]+\/)?[^@\s"#]+)@.*:$/.exec(line)?.[1];
    if (name !== undefined) {
      current = { name, version: "", line: index + 1 };
      packages.push(current);
    } else if (/^\S/.test(line)) current = undefined;
    const [, key, value] =
      /^ {2}(version|resolved|resolution|integrity|checksum):? "?([^"]*)"?$/.exec(line) ?? [];
    if (current === undefined || key === undefined || value === undefined) continue;
    addField(current, key, value);
  }
  return packages.filter(({ name, version }) => version !== "" && !name.startsWith("__"));
}

function addField(current: Draft, key: string, value: string): void {
  if (key === "version") current.version = value;
  if (key === "integrity" || key === "checksum") current.integrity = value;
  // Without an `integrity` the first yarn keeps a hash behind the address.
  if (key === "resolved" && value.includes("#")) current.integrity ??= value.slice(value.indexOf("#") + 1);
  if (key === "resolved" && !isRegistryAddress(value)) current.source = value;
  if (key !== "resolution") return;
  const [, protocol = "", rest = ""] = /^(?:@[^/]+\/)?[^@]+@([a-z+]+):(.*)$/.exec(value) ?? [];
  if (/^(workspace|link|portal|file)$/.test(protocol)) current.version = "";
  else if (!/^(npm|patch|virtual)$/.test(protocol)) current.source = `${protocol}:${rest}`;
}
