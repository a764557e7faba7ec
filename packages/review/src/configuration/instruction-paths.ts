import type { FileDiff } from "../model.ts";
import { directoriesAbove } from "./directories.ts";
import type { RepositoryConfig } from "./repository-config.ts";

/** Files that are looked for at most: what one request answers. */
const mostPaths = 40;

/**
 * The files of instructions that may be there for a change, to be read from its base: those in the root first, then
 * those above most of the changed files.
 */
export function instructionPaths(
  { instructions }: RepositoryConfig,
  files: readonly Pick<FileDiff, "path">[],
): string[] {
  const changedBelow = new Map<string, number>();
  for (const directory of files.flatMap(({ path }) => directoriesAbove(path))) {
    changedBelow.set(directory, (changedBelow.get(directory) ?? 0) + 1);
  }
  const directories = [...changedBelow]
    .toSorted(([a, of], [b, than]) => than - of || a.length - b.length || (a < b ? -1 : 1))
    .map(([directory]) => directory);
  const names = instructions.files.filter((file) => !file.includes("/"));
  const below = directories.flatMap((directory) => names.map((name) => `${directory}/${name}`));
  return [...new Set([...instructions.files, ...below])].slice(0, mostPaths);
}
