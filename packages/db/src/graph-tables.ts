import type { Generated } from "kysely";

// The graph: what is known of each repository's files and of the work on them. Nothing in it is known from here alone,
// all can be made again of what GitHub has. Every row belongs to one repository, by GitHub's id, connected or not.

export interface GraphTables {
  graph_repositories: GraphRepositoriesTable;
  graph_developers: GraphDevelopersTable;
  graph_files: GraphFilesTable;
  graph_pull_requests: GraphPullRequestsTable;
  graph_reviewers: GraphReviewersTable;
  graph_closes: GraphClosesTable;
  graph_touches: GraphTouchesTable;
}

/** A repository that is indexed. */
interface GraphRepositoriesTable {
  repository_id: number;
  /** The branch, commit and commit's time of the indexed tree; null where none is yet. */
  branch: string | null;
  tree_sha: string | null;
  tree_at: Date | null;
}

/** A GitHub account that contributed to the repository. */
interface GraphDevelopersTable {
  repository_id: number;
  /** GitHub's id. */
  developer_id: number;
  login: string;
  bot: boolean;
}

/** A file, under the name that it has now, or had last. */
interface GraphFilesTable {
  id: Generated<number>;
  repository_id: number;
  path: string;
  /** The part of the path before its last slash; empty at the root. */
  folder: string;
  /** Bytes; null where no tree has told. */
  size: number | null;
  generated: Generated<boolean>;
  /** Whether the default branch has it, and of when that is known; null where nothing has told. */
  present: Generated<boolean>;
  present_at: Date | null;
  /** The sums over merged pull requests that touched it: their weights, their number, the latest one's time. */
  heat: Generated<number>;
  pull_requests: Generated<number>;
  latest_at: Date | null;
}

/** A pull request, as the index last saw it. */
interface GraphPullRequestsTable {
  repository_id: number;
  number: number;
  title: string;
  /** Null where the account is gone. */
  author_id: number | null;
  state: "open" | "closed" | "merged";
  base: string;
  /** When it was merged, or else last updated. */
  at: Date;
  updated_at: Date;
  /** How many files it touches. */
  files: number;
  /** What it counts on each of its files: `weightOf` of packages/knowledge. */
  weight: number;
}

/** Who reviewed a pull request. */
interface GraphReviewersTable {
  repository_id: number;
  number: number;
  developer_id: number;
}

/** Which issues of its repository a pull request says it closes. */
interface GraphClosesTable {
  repository_id: number;
  number: number;
  issue_number: number;
}

/** That a pull request touches a file. */
interface GraphTouchesTable {
  repository_id: number;
  number: number;
  /** As the pull request calls it, and (of renamed files) called it before. */
  path: string;
  previous_path: string | null;
  /** Which file that is now. */
  file_id: number;
  status: "added" | "removed" | "modified" | "renamed" | "copied" | "changed" | "unchanged";
  additions: number;
  deletions: number;
  /** An int4multirange: the gaps between the base's lines in which it changes something (`gapsOf`). */
  gaps: string;
  /** An int4multirange: the lines of the pull request's version that are new or changed. */
  new_lines: string;
}
