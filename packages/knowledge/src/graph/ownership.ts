import type { Ownership } from "./graph.ts";
import { valueAt } from "./weight.ts";

/** What somebody did in a folder, as a sum of weights. */
export interface FolderWork {
  readonly path: string;
  readonly id: number;
  readonly login: string;
  readonly weight: number;
}

/** What is older weighs next to nothing, and there is ever more of it. */
const ownedForMs = 2 * 365 * 24 * 60 * 60 * 1000;

/** The time of the oldest work that is asked for. */
export function ownedSince(now: Date): Date {
  return new Date(now.getTime() - ownedForMs);
}

/** So many owners are named. */
const named = 3;

/** Who owns what, by how much of the work each did; where most work is done first. */
export function ownershipOf(
  work: readonly FolderWork[],
  { now, limit }: { readonly now: Date; readonly limit: number },
): Ownership[] {
  const folders = [...Map.groupBy(work, ({ path }) => path)].map(([path, people]) => ({
    path,
    people: people.toSorted((a, b) => b.weight - a.weight || a.id - b.id),
    weight: people.reduce((sum, { weight }) => sum + weight, 0),
  }));
  return folders
    .toSorted((a, b) => b.weight - a.weight || (a.path < b.path ? -1 : 1))
    .slice(0, limit)
    .map(({ path, people, weight }) => ({
      path,
      score: valueAt(weight, now),
      owners: people
        .slice(0, named)
        .map((person) => ({ id: person.id, login: person.login, share: person.weight / weight })),
      busFactor: busFactorOf(people, weight),
    }));
}

function busFactorOf(people: readonly FolderWork[], weight: number): number {
  let sum = 0;
  const last = people.findIndex((person) => (sum += person.weight) * 2 >= weight);
  return last + 1;
}
