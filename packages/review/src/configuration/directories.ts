/** Whether a path lies in a directory, however deep; the root is "". */
export function isWithin(directory: string, path: string): boolean {
  return directory === "" || path.startsWith(`${directory}/`);
}

/** The directories that hold a path, outermost first, without the root. */
export function directoriesAbove(path: string): string[] {
  const steps = path.split("/").slice(0, -1);
  return steps.map((_, index) => steps.slice(0, index + 1).join("/"));
}
