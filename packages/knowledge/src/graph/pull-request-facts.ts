/** Somebody on GitHub, by the id that survives a change of the login. */
export interface Account {
  readonly id: number;
  readonly login: string;
  /** Bots are kept as authors, and are nobody's expert. */
  readonly bot: boolean;
}

/** What the graph takes from one pull request, as GitHub shows it now. */
export interface PullRequestFacts {
  readonly number: number;
  readonly title: string;
  /** Null where the account is gone. */
  readonly author: Account | null;
  /** Those who submitted a review, without the author. */
  readonly reviewers: readonly Account[];
  readonly state: "open" | "closed" | "merged";
  /** The branch that it is for. */
  readonly base: string;
  /** GitHub's `updated_at`: of two accounts of a pull request the one with the later time is kept. */
  readonly updatedAt: Date;
  readonly mergedAt: Date | null;
  readonly files: readonly TouchedFile[];
  /** Numbers of issues of the same repository, see `parseClosingKeywords`. */
  readonly closes: readonly number[];
}

export interface TouchedFile {
  readonly path: string;
  /** Where it was renamed or copied from. */
  readonly previousPath?: string;
  readonly status: "added" | "removed" | "modified" | "renamed" | "copied" | "changed" | "unchanged";
  readonly additions: number;
  readonly deletions: number;
  /** Empty where they are not known, as in binary and very large files. */
  readonly hunks: readonly ChangedLines[];
}

/** A run of changed lines without context, as in the header of `git diff --unified=0`: 1-based, lengths may be 0. */
export interface ChangedLines {
  /** With `oldLines` 0: the line after which was added. */
  readonly oldStart: number;
  readonly oldLines: number;
  /** With `newLines` 0: the line after which was taken away. */
  readonly newStart: number;
  readonly newLines: number;
}

/** A file of the default branch. */
export interface TreeFile {
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  /** Made by a program, or somebody else's: not told of as a hotspot, dead or owned. */
  readonly generated?: boolean;
}

/** Which tree it is. */
export interface Tree {
  readonly sha: string;
  readonly branch: string;
  /** When its commit was made: pull requests merged since then say more of a file than the tree does. */
  readonly at: Date;
}

/** What became of a finding on a pull request. */
export interface FindingOutcome {
  readonly path: string;
  readonly state: "fixed" | "regressed";
  readonly severity: "critical" | "moderate" | "minor" | "nit";
}

/** When the pull request came to what it is, as far as the graph cares. */
export function momentOf(pull: Pick<PullRequestFacts, "mergedAt" | "updatedAt">): Date {
  return pull.mergedAt ?? pull.updatedAt;
}
