import type { Finding } from "@nectr/review";
import { findingOf, type LinterRule } from "../linter-rule.ts";
import type { LockedPackage } from "./locked-package.ts";

const security = { severity: "minor", category: "security", tests: "read" } as const;

const contentChanged: LinterRule = {
  ...security,
  severity: "moderate",
  id: "dependencies/content-changed",
  title: "The same version has another content",
  body:
    "The hash of this version is not what it was. A version that was published does not change: find out where the " +
    "new content comes from before it is installed.",
  reference: "CWE-494",
};
const hashRemoved: LinterRule = {
  ...security,
  id: "dependencies/hash-removed",
  title: "This version's content is no longer checked",
  body: "Its hash is gone from the lock file: whatever the server sends is installed. Write the lock file anew.",
  reference: "CWE-494",
};
const foreignSource: LinterRule = {
  ...security,
  id: "dependencies/foreign-source",
  title: "This package does not come from the registry",
  body:
    "It comes from a repository or an address of somebody's own, where what is published may change or vanish, and " +
    "no advisory names it. Use a released version.",
  reference: "CWE-829",
};
const installScript: LinterRule = {
  ...security,
  id: "dependencies/install-script",
  title: "A new dependency runs a script when it is installed",
  body:
    "The script runs with the rights of whoever installs, on developers' machines and in CI. See what it does, or " +
    "install with scripts turned off for it.",
  reference: "CWE-829",
};

/** Remarks of one kind about one file; where there are more, the summary's list tells them. */
const mostOfAKind = 10;

/** What of a change deserves a remark of its own. A lock file that was not there before is taken as a whole. */
export function dependencyFindings(
  path: string,
  before: readonly LockedPackage[],
  after: readonly LockedPackage[],
): Finding[] {
  if (before.length === 0) return [];
  const known = new Map(before.map((each) => [keyOf(each), each]));
  const ranScripts = new Set(
    before.flatMap(({ name, installScript: runs }) => (runs === true ? [name] : [])),
  );
  const sources = new Set(before.flatMap(({ name, source }) => (source === undefined ? [] : [name])));
  // A whole file that loses its hashes was written by another tool: no package of it was tampered with.
  const hashes = after.some(({ integrity }) => integrity !== undefined);
  const found: Readonly<Record<string, readonly LockedPackage[]>> = Object.groupBy(after, (each) => {
    const old = known.get(keyOf(each));
    if (each.source !== undefined && !sources.has(each.name)) return foreignSource.id;
    if (each.installScript === true && !ranScripts.has(each.name)) return installScript.id;
    if (old?.integrity === undefined || old.integrity === each.integrity) return "";
    if (each.integrity === undefined) return hashes ? hashRemoved.id : "";
    return sameKind(old.integrity, each.integrity) ? contentChanged.id : "";
  }) as Record<string, LockedPackage[]>;
  return [contentChanged, foreignSource, installScript, hashRemoved].flatMap((rule) =>
    (found[rule.id] ?? []).slice(0, mostOfAKind).map(({ line }) => findingOf(rule, path, line)),
  );
}

function keyOf({ name, version }: LockedPackage): string {
  return `${name} ${version}`;
}

/** Hashes of different algorithms cannot be compared, nor lists of which one has what the other has not. */
function sameKind(old: string, now: string): boolean {
  const [oldHashes, newHashes] = [old.split(" "), now.split(" ")];
  const kinds = ([first = ""]: string[]) => `${/^(\w+)[-:]/.exec(first)?.[1] ?? ""} ${first.length}`;
  return kinds(oldHashes) === kinds(newHashes) && !oldHashes.some((hash) => newHashes.includes(hash));
}
