import type { Account, ChangedLines, PullRequestFacts, TouchedFile } from "../src/index.ts";

export const now = new Date("2026-11-20T12:00:00Z");

/** So many days before `now`. */
export function daysAgo(days: number): Date {
  return new Date(now.getTime() - days * 24 * 60 * 60 * 1000);
}

export const ada: Account = { id: 1, login: "ada", bot: false };
export const grace: Account = { id: 2, login: "grace", bot: false };
export const linus: Account = { id: 3, login: "linus", bot: false };
export const robot: Account = { id: 4, login: "renovate[bot]", bot: true };

/** A file by its path alone is a modified one. */
function touched(file: string | (Partial<TouchedFile> & { path: string })): TouchedFile {
  const facts = typeof file === "string" ? { path: file } : file;
  return { status: "modified", additions: 1, deletions: 1, hunks: [], ...facts };
}

/** A pull request of ada's, merged as many days ago as is said. */
export function merged(
  number: number,
  options: Partial<Omit<PullRequestFacts, "files" | "number">> & {
    days?: number;
    files: readonly (string | (Partial<TouchedFile> & { path: string }))[];
  },
): PullRequestFacts {
  const { days = 10, files, ...rest } = options;
  const at = daysAgo(days);
  return {
    number,
    title: `Change ${number}`,
    author: ada,
    reviewers: [],
    state: "merged",
    base: "main",
    updatedAt: at,
    mergedAt: at,
    closes: [],
    ...rest,
    files: files.map(touched),
  };
}

/** One that is open, updated as many days ago as is said. */
export function open(number: number, options: Parameters<typeof merged>[1]): PullRequestFacts {
  return { ...merged(number, options), state: "open", mergedAt: null };
}

/** Lines that are replaced by as many. */
export function lines(first: number, last: number): ChangedLines {
  const length = last - first + 1;
  return { oldStart: first, oldLines: length, newStart: first, newLines: length };
}

/** So many lines that are added after one. */
export function addedAfter(line: number, count: number): ChangedLines {
  return { oldStart: line, oldLines: 0, newStart: line + 1, newLines: count };
}
