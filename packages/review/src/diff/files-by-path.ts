import type { FileDiff } from "../model.ts";

/** The files of a diff, found by their names: a review asks for them once for each of its findings. */
export interface FilesByPath {
  /** The file of that name. One that became a link, or the reverse, is in a diff twice: then not the removed one. */
  named(path: string): FileDiff | undefined;
  /** The file that had that name before it was renamed. */
  renamedFrom(path: string): FileDiff | undefined;
}

/** Looks through the files once. */
export function filesByPath(files: readonly FileDiff[]): FilesByPath {
  const named = new Map<string, FileDiff>();
  const renamed = new Map<string, FileDiff>();
  for (const file of files) {
    const other = named.get(file.path);
    if (!other || (other.status === "removed" && file.status !== "removed")) named.set(file.path, file);
    const { status, previousPath } = file;
    if (status === "renamed" && previousPath !== undefined && !renamed.has(previousPath)) {
      renamed.set(previousPath, file);
    }
  }
  return { named: (path) => named.get(path), renamedFrom: (path) => renamed.get(path) };
}
