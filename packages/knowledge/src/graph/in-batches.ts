import type { PullRequestFacts } from "./pull-request-facts.ts";

/** So many pull requests, or of so many files, at most in one transaction. */
const mostPulls = 200;
const mostFiles = 5_000;

/** Pull requests in batches that a transaction can hold; of several accounts of one the latest. */
export function inBatches(pulls: readonly PullRequestFacts[]): PullRequestFacts[][] {
  const latest = new Map<number, PullRequestFacts>();
  for (const pull of pulls) {
    const known = latest.get(pull.number);
    if (known === undefined || known.updatedAt <= pull.updatedAt) latest.set(pull.number, pull);
  }
  const batches: PullRequestFacts[][] = [];
  let files = 0;
  for (const pull of latest.values()) {
    const batch = batches.at(-1);
    const fits = batch !== undefined && batch.length < mostPulls && files + pull.files.length <= mostFiles;
    if (fits) batch.push(pull);
    else batches.push([pull]);
    files = (fits ? files : 0) + pull.files.length;
  }
  return batches;
}

/** Rows in parts of a size that one statement can hold. */
export function chunksOf<T>(rows: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(rows.length / size) }, (_, i) =>
    rows.slice(i * size, (i + 1) * size),
  );
}
