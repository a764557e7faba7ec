import type { Finding } from "@nectr/review";
import { dependencyFindings } from "./dependency-findings.ts";
import type { LockedPackage, ReadLockFile } from "./locked-package.ts";
import { readComposerLock } from "./read-composer.ts";
import { readGoMod, readGoSum } from "./read-go.ts";
import { readNpmLock } from "./read-npm.ts";
import { readPnpmLock } from "./read-pnpm.ts";
import { readGemfileLock } from "./read-ruby.ts";
import { readCargoLock, readPoetryLock, readUvLock } from "./read-toml-locks.ts";
import { readYarnLock } from "./read-yarn.ts";

/** What became of one package. A lock file may hold several versions of it: only those that came or went are told. */
export interface DependencyChange {
  readonly name: string;
  /** Versions that went; none for a package that was added. */
  readonly from: readonly string[];
  /** Versions that came; none for a package that was removed. */
  readonly to: readonly string[];
  /** Whether the project itself asks for it; undefined where the format does not tell. */
  readonly direct?: boolean;
  /** Whether users of the old version may have to change: another major version, or for 0.x another minor one. */
  readonly major: boolean;
  readonly downgrade: boolean;
  /** Whether what came runs a script when it is installed; undefined where the format does not tell. */
  readonly installScript?: boolean;
  /** Where what came is taken from, if that is not the registry of its language. */
  readonly source?: string;
}

/** A lock file's changes: added and removed packages and changed versions by name, and what of it deserves a remark. */
export interface DependencyChanges {
  readonly path: string;
  readonly added: readonly DependencyChange[];
  readonly removed: readonly DependencyChange[];
  readonly changed: readonly DependencyChange[];
  readonly findings: readonly Finding[];
}

const readers: Readonly<Record<string, ReadLockFile>> = {
  "package-lock.json": readNpmLock,
  "npm-shrinkwrap.json": readNpmLock,
  "pnpm-lock.yaml": readPnpmLock,
  "yarn.lock": readYarnLock,
  "Cargo.lock": readCargoLock,
  "go.mod": readGoMod,
  "go.sum": readGoSum,
  "poetry.lock": readPoetryLock,
  "pdm.lock": readPoetryLock,
  "uv.lock": readUvLock,
  "Gemfile.lock": readGemfileLock,
  "gems.locked": readGemfileLock,
  "composer.lock": readComposerLock,
};

/** Characters of a lock file that is read; beyond, the reading would take longer than seconds. */
const longest = 20_000_000;

/**
 * What a change of a lock file means. Pure, and linear in its length.
 *
 * @param base the text before; empty for a new file
 * @param head the text after; empty for a removed one
 * @returns undefined for a file that is no lock file which can be read
 */
export function explainDependencies(path: string, base: string, head: string): DependencyChanges | undefined {
  const read = readers[path.slice(path.lastIndexOf("/") + 1)];
  if (read === undefined || base.length > longest || head.length > longest) return undefined;
  const [before, after] = [readOrUndefined(read, base), readOrUndefined(read, head)];
  if (before === undefined || after === undefined) return undefined;
  const changes = compare(before, after);
  return {
    path,
    added: changes.filter(({ from }) => from.length === 0),
    removed: changes.filter(({ to }) => to.length === 0),
    changed: changes.filter(({ from, to }) => from.length > 0 && to.length > 0),
    findings: dependencyFindings(path, before, after),
  };
}

/** A file that its format does not fit is not explained: the change may be a conflict that was committed. */
function readOrUndefined(read: ReadLockFile, content: string): LockedPackage[] | undefined {
  if (content.trim() === "") return [];
  try {
    const packages = read(content);
    return packages.length > 0 ? packages : undefined;
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError) return undefined;
    throw error;
  }
}

function compare(before: readonly LockedPackage[], after: readonly LockedPackage[]): DependencyChange[] {
  const [old, now] = [byName(before), byName(after)];
  const names = new Set([...old.keys(), ...now.keys()]);
  return [...names].toSorted().flatMap((name) => changeOf(name, old.get(name) ?? [], now.get(name) ?? []));
}

function byName(packages: readonly LockedPackage[]): Map<string, LockedPackage[]> {
  return Map.groupBy(packages, ({ name }) => name);
}

function changeOf(
  name: string,
  old: readonly LockedPackage[],
  now: readonly LockedPackage[],
): DependencyChange[] {
  const [oldVersions, newVersions] = [versionsOf(old), versionsOf(now)];
  const from = [...oldVersions].filter((version) => !newVersions.has(version));
  const came = now.filter(({ version }) => !oldVersions.has(version));
  const to = [...versionsOf(came)];
  if (from.length === 0 && to.length === 0) return [];
  // A version that came beside one that stayed is a change of it.
  const left = from.length > 0 || old.length === 0 ? from : [...oldVersions];
  const about = now.length > 0 ? now : old;
  const source = came.find((each) => each.source !== undefined)?.source;
  const direct =
    about.some((each) => each.direct === true) || (about[0]?.direct === undefined ? undefined : false);
  const scripts = came.map(({ installScript }) => installScript).filter((known) => known !== undefined);
  return [
    {
      name,
      from: left,
      to,
      ...(direct === undefined ? {} : { direct }),
      ...jump(highest([...oldVersions]), highest(to)),
      ...(scripts.length === 0 ? {} : { installScript: scripts.includes(true) }),
      ...(source === undefined ? {} : { source }),
    },
  ];
}

function versionsOf(packages: readonly LockedPackage[]): Set<string> {
  return new Set(packages.map(({ version }) => version));
}

type Version = readonly [major: number, minor: number, patch: number];

function numbersOf(version: string): Version | undefined {
  const [, major, minor = "0", patch = "0"] = /^v?(\d+)(?:\.(\d+))?(?:\.(\d+))?/.exec(version) ?? [];
  return major === undefined ? undefined : [Number(major), Number(minor), Number(patch)];
}

function order(a: Version, b: Version): number {
  return a[0] - b[0] || a[1] - b[1] || a[2] - b[2];
}

function highest(versions: readonly string[]): Version | undefined {
  const known = versions.map(numbersOf).filter((version) => version !== undefined);
  return known.toSorted(order).at(-1);
}

function jump(from: Version | undefined, to: Version | undefined): { major: boolean; downgrade: boolean } {
  if (from === undefined || to === undefined) return { major: false, downgrade: false };
  const major = from[0] !== to[0] || (from[0] === 0 && from[1] !== to[1]);
  return { major, downgrade: order(to, from) < 0 };
}
