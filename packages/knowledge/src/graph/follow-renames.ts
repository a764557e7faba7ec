/** A file's new name, given by a pull request that was merged. */
export interface Rename {
  readonly from: string;
  readonly to: string;
  readonly at: Date;
  readonly number: number;
}

/**
 * What a file is called now that had a name at a time. The order in which renames are learnt makes no difference.
 * A name that is given again to a new file is the new file's from then on.
 */
export function followRenames(
  renames: readonly Rename[],
): (path: string, since: { readonly at: Date; readonly number: number }) => string {
  const byName = Map.groupBy(renames.toSorted(compare), ({ from }) => from);
  return (path, since) => {
    let name = path;
    let last = since;
    for (;;) {
      const next = byName.get(name)?.find((rename) => compare(rename, last) > 0);
      if (next === undefined) return name;
      name = next.to;
      last = next;
    }
  };
}

/** All names that are connected with these by renames, in whatever direction, and these themselves. */
export function connectedNames(names: readonly string[], renames: readonly Rename[]): string[] {
  const neighbours = new Map<string, string[]>();
  const connect = (name: string, neighbour: string) => {
    const known = neighbours.get(name);
    if (known === undefined) neighbours.set(name, [neighbour]);
    else known.push(neighbour);
  };
  for (const { from, to } of renames) {
    connect(from, to);
    connect(to, from);
  }
  const found = new Set(names);
  // A set hands out what is added to it on the way.
  for (const name of found) for (const neighbour of neighbours.get(name) ?? []) found.add(neighbour);
  return [...found];
}

interface Moment {
  readonly at: Date;
  readonly number: number;
}

function compare(a: Moment, b: Moment): number {
  return a.at.getTime() - b.at.getTime() || a.number - b.number;
}
