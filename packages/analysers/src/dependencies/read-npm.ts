import { isRegistryAddress, type LockedPackage } from "./locked-package.ts";

interface NpmEntry {
  readonly name?: string;
  readonly version?: string;
  readonly resolved?: string | boolean;
  readonly integrity?: string;
  readonly link?: boolean;
  readonly hasInstallScript?: boolean;
  readonly dependencies?: Readonly<Record<string, unknown>>;
  readonly devDependencies?: object;
  readonly optionalDependencies?: object;
  readonly peerDependencies?: object;
}

interface NpmLock {
  readonly packages?: Readonly<Record<string, NpmEntry>>;
  readonly dependencies?: Readonly<Record<string, NpmEntry>>;
}

/** Reads `package-lock.json` and `npm-shrinkwrap.json` of every version. */
export function readNpmLock(content: string): LockedPackage[] {
  const lock = JSON.parse(content) as NpmLock;
  const lines = keyLines(content);
  if (lock.packages === undefined) return fromTree(lock.dependencies ?? {}, lines);
  const entries = Object.entries(lock.packages);
  const direct = new Set(entries.flatMap(([path, entry]) => (isInstalled(path) ? [] : namesIn(entry))));
  return entries.flatMap(([path, entry]) => {
    if (!isInstalled(path) || entry.link === true) return [];
    const installed = path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length);
    const top = path === `node_modules/${installed}` || !path.startsWith("node_modules/");
    return [
      {
        ...locked(entry.name ?? installed, entry, lines.get(path) ?? 1),
        direct: top && direct.has(installed),
        installScript: entry.hasInstallScript === true,
      },
    ];
  });
}

const isInstalled = (path: string): boolean => /(^|\/)node_modules\//.test(path);

function namesIn(project: NpmEntry): string[] {
  const { dependencies, devDependencies, optionalDependencies, peerDependencies } = project;
  return [dependencies, devDependencies, optionalDependencies, peerDependencies].flatMap((each) =>
    Object.keys(each ?? {}),
  );
}

/** Version 1 nests what is installed below a package; it does not tell what the project asked for. */
function fromTree(
  dependencies: Readonly<Record<string, NpmEntry>>,
  lines: ReadonlyMap<string, number>,
): LockedPackage[] {
  const found: LockedPackage[] = [];
  const left = Object.entries(dependencies);
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    const [name, entry] = next;
    found.push(locked(name, entry, lines.get(name) ?? 1));
    // In this version the dependencies of an entry are entries; in others, ranges.
    left.push(...Object.entries((entry.dependencies ?? {}) as Record<string, NpmEntry>));
  }
  return found.reverse();
}

function locked(name: string, { version = "", resolved, integrity }: NpmEntry, line: number): LockedPackage {
  const source = typeof resolved === "string" ? resolved : /[:/]/.test(version) ? version : undefined;
  const isForeign = source !== undefined && !source.startsWith("file:") && !isRegistryAddress(source);
  return {
    name,
    version,
    line,
    ...(integrity === undefined ? {} : { integrity }),
    ...(isForeign ? { source } : {}),
  };
}

/** The lines on which an object begins under a key, by the key; of several the first. */
function keyLines(content: string): Map<string, number> {
  const lines = new Map<string, number>();
  for (const [index, line] of content.split("\n").entries()) {
    const key = /^\s*"(.*)": \{/.exec(line)?.[1];
    if (key !== undefined && !lines.has(key)) lines.set(key, index + 1);
  }
  return lines;
}
