import { DiffError } from "./diff-error.ts";

/** Lines of a diff and a place among them. */
export interface LineReader {
  /** The line at the reader's place, `undefined` at the end. Only "\n" ends a line: "\r" is content. */
  peek(): string | undefined;
  advance(): void;
  /** A `DiffError` that names the line at the reader's place. */
  error(problem: string): DiffError;
}

/** Reads `text` line by line. A "\n" at the very end does not begin another line. */
export function readLines(text: string): LineReader {
  const lines = text.split("\n");
  if (lines.at(-1) === "") lines.pop();
  let index = 0;
  return {
    peek: () => lines[index],
    advance: () => {
      index += 1;
    },
    error: (problem) => new DiffError(index + 1, problem),
  };
}
