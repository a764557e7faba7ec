/** One version of one package in a lock file. */
export interface LockedPackage {
  readonly name: string;
  readonly version: string;
  /** Where the lock file speaks of it, 1-based. */
  readonly line: number;
  /** Whether it is asked for by the project itself; undefined where the format does not tell. */
  readonly direct?: boolean;
  /** Whether it runs a script when it is installed; undefined where the format does not tell. */
  readonly installScript?: boolean;
  /** The hash that its content must have. */
  readonly integrity?: string;
  /** Where it comes from, if that is not the registry of its language: a repository, or an address. */
  readonly source?: string;
}

/** Reads the packages of a lock file. Its own project and what lies in its folders are none. */
export type ReadLockFile = (content: string) => LockedPackage[];

/** A list to which more is known of a package line by line. */
export type Draft = { -readonly [Key in keyof LockedPackage]: LockedPackage[Key] };

/** Whether an address is a package's place in a registry, and not a repository or a file of somebody's own. */
export function isRegistryAddress(address: string): boolean {
  return (
    address.startsWith("https:") && !/^https:\/\/(codeload\.|raw\.)?git(hub|lab)[^/]*\.com\//.test(address)
  );
}
