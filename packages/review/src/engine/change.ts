import type { RepositoryConfig } from "../configuration/repository-config.ts";
import type { EarlierFinding, FileDiff, ReviewKey } from "../model.ts";

/** What is reviewed. All of it comes from the pull request and is not trusted, but for `config` and `guidance`. */
export interface Change {
  readonly key: ReviewKey;
  readonly pullRequest: {
    readonly title: string;
    /** "" where it has none. */
    readonly body: string;
    readonly author: string;
    readonly baseRef: string;
    readonly headRef: string;
  };
  readonly files: readonly FileDiff[];
  /** How many files the change has in all, where not all of them could be listed. */
  readonly filesChanged: number;
  /** The repository's own settings, from the base branch. */
  readonly config: RepositoryConfig;
  /** What the repository's maintainers ask of its reviewer, from the base branch; "" for nothing. */
  readonly guidance: string;
  /** What could not be had on the way here, in words for the reader of the review. */
  readonly failures: readonly string[];
  /** The pull request's ledger, as the last run left it. */
  readonly earlier: readonly EarlierFinding[];
}
