/** After so long, a piece of work counts half. */
const halfLifeMs = 180 * 24 * 60 * 60 * 1000;
const epochMs = Date.UTC(2020, 0, 1);

/**
 * What a merged pull request counts on each of its files, the same for ever: work that is older by half a year counts
 * half. Sums of it are ordered alike at any time, so that they can be kept and indexed, and `valueAt` makes of them what
 * they are worth at one. A change of many files at once says little about each.
 */
export function weightOf(at: Date, files: number): number {
  return 2 ** ((at.getTime() - epochMs) / halfLifeMs) / Math.sqrt(Math.max(files, 1));
}

/** What a sum of weights is worth at a time: a pull request of one file, merged just then, is worth 1. */
export function valueAt(weight: number, now: Date): number {
  return weight * 2 ** ((epochMs - now.getTime()) / halfLifeMs);
}
