import type { FindingOutcome, PullRequestFacts, Tree, TreeFile } from "./pull-request-facts.ts";

/**
 * What is known of a repository's files and of the work on them. Every question is about one repository, by GitHub's id
 * of it, and is answered from that repository alone; one that is not indexed has empty answers. Paths are those that
 * files have on the default branch now: what they were called before counts for them. All fail with the error of the
 * database where it does not answer.
 */
export interface Graph {
  /** Takes all files of the default branch. An older tree than the known one changes nothing. */
  indexTree(repositoryId: number, files: readonly TreeFile[], tree: Tree): Promise<void>;
  /** Takes pull requests, new ones and known ones, in any order and as often as one likes. */
  indexPullRequests(repositoryId: number, pulls: readonly PullRequestFacts[]): Promise<void>;
  /** Takes all that was fixed or came back on a pull request, in place of what was known. */
  indexFindings(repositoryId: number, number: number, findings: readonly FindingOutcome[]): Promise<void>;
  removeRepository(repositoryId: number): Promise<void>;

  /** Who wrote and reviewed most of the latest work on files, best first. */
  expertsFor(repositoryId: number, paths: readonly string[], options: ExpertsOptions): Promise<Expert[]>;
  /** Merged pull requests that touched the same files, the closest first. */
  relatedPullRequests(
    repositoryId: number,
    paths: readonly string[],
    options: RelatedOptions,
  ): Promise<RelatedPullRequest[]>;
  /** The issues that a pull request says it closes. */
  linkedIssues(repositoryId: number, number: number): Promise<LinkedIssue[]>;
  /** Where most of the latest work was done. */
  hotspots(repositoryId: number, options: TimedOptions): Promise<Hotspot[]>;
  /** Files on which findings were fixed or came back, most of all first. */
  riskyFiles(repositoryId: number, options: RiskyOptions): Promise<RiskyFile[]>;
  /** Files that no indexed pull request touched since a time, those of the longest rest first. */
  deadFiles(repositoryId: number, options: DeadOptions): Promise<DeadFiles>;
  /** Who did the work of the last two years in each folder of a folder. */
  ownership(repositoryId: number, options: OwnershipOptions): Promise<Ownership[]>;
  /** In which folders somebody works. */
  expertise(repositoryId: number, developerId: number, options: TimedOptions): Promise<Expertise[]>;
  /** Files that usually change with these, and are not among them. */
  changesTogether(
    repositoryId: number,
    paths: readonly string[],
    options: TogetherOptions,
  ): Promise<ChangesTogether[]>;
  /** Open pull requests for the same branch that change the same lines of the base as this one. */
  conflictsOf(repositoryId: number, number: number): Promise<Conflict[]>;
}

export interface TimedOptions {
  readonly now: Date;
  readonly limit: number;
}

export interface ExpertsOptions extends TimedOptions {
  /** Such as the author's id. */
  readonly except?: readonly number[];
}

export interface RelatedOptions extends TimedOptions {
  /** The number of the pull request that is asked for. */
  readonly except?: number;
}

export interface RiskyOptions {
  /** Only these files. */
  readonly paths?: readonly string[];
  readonly limit: number;
}

export interface DeadOptions {
  readonly since: Date;
  readonly limit: number;
}

export interface OwnershipOptions extends TimedOptions {
  /** A folder without a slash at its end; empty: the repository. */
  readonly folder: string;
}

export interface TogetherOptions {
  /** How many pull requests must have changed both. */
  readonly leastTogether: number;
  /** In what part of those that changed the one, from 0 to 1. */
  readonly leastConfidence: number;
  readonly limit: number;
}

/** Of one pull request no more is concluded than from so many files: whoever touches more of them renames or formats. */
export const mostFilesTogether = 50;

/** So many of the latest pull requests of a file tell what changes with it. */
export const mostPullRequestsTogether = 100;

/** Of what writing counts, reviewing counts this. */
export const reviewShare = 0.5;

export interface Developer {
  readonly id: number;
  readonly login: string;
}

export interface Expert extends Developer {
  /** `valueAt` of the work. */
  readonly score: number;
  readonly authored: number;
  readonly reviewed: number;
  readonly latestAt: Date;
}

export interface RelatedPullRequest {
  readonly number: number;
  readonly title: string;
  readonly author: Developer | null;
  readonly mergedAt: Date;
  readonly sharedPaths: readonly string[];
  readonly score: number;
}

export interface LinkedIssue {
  readonly number: number;
  /** Other pull requests that say so too, by number. */
  readonly alsoClosedBy: readonly { readonly number: number; readonly state: PullRequestFacts["state"] }[];
}

export interface Hotspot {
  readonly path: string;
  readonly score: number;
  readonly pullRequests: number;
  readonly latestAt: Date;
}

export interface RiskyFile {
  readonly path: string;
  /** Nits aside. */
  readonly fixed: number;
  readonly regressed: number;
  /** By severity (critical 4, moderate 2, minor 1), twice for what came back. */
  readonly score: number;
}

export interface DeadFiles {
  /** How many merged pull requests are known, and the time of the oldest: nothing is known of the time before. */
  readonly pullRequests: number;
  readonly knownSince: Date | null;
  readonly files: readonly { readonly path: string; readonly size: number; readonly latestAt: Date | null }[];
}

export interface Ownership {
  /** A folder, or a file where it lies in the folder that was asked for. */
  readonly path: string;
  readonly score: number;
  /** The first three, with their part of the work, from 0 to 1. */
  readonly owners: readonly (Developer & { readonly share: number })[];
  /** How few people did half of the work. */
  readonly busFactor: number;
}

export interface Expertise {
  /** Empty: the repository's root. */
  readonly folder: string;
  readonly score: number;
  readonly files: number;
  readonly pullRequests: number;
  readonly latestAt: Date;
}

export interface ChangesTogether {
  /** What is left out. */
  readonly path: string;
  /** What it usually changes with: "in 9 (`together`) of 11 (`of`) pull requests". */
  readonly with: string;
  readonly together: number;
  readonly of: number;
}

export interface Conflict {
  readonly number: number;
  readonly title: string;
  readonly author: Developer | null;
  readonly files: readonly {
    readonly path: string;
    /** Lines of the base. An addition stands at the line before it. */
    readonly lines: readonly { readonly startLine: number; readonly endLine: number }[];
  }[];
}
