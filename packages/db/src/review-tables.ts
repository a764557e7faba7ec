import type { Generated, JSONColumnType } from "kysely";

// The tables of what comes of a review. The others, and the database as a whole, are in schema.ts.

export type ReviewStatus = "running" | "composed" | "posted" | "superseded" | "failed";

/** One run on one head: unique on (repository, number, head, generation). */
export interface ReviewsTable {
  id: Generated<string>;
  repository_id: number;
  number: number;
  head_sha: string;
  generation: number;
  event_id: string;
  status: Generated<ReviewStatus>;
  verdict: "approve" | "comment" | "request_changes" | null;
  /** The decided review (`Review` of the engine), saved before it is posted. */
  result: JSONColumnType<object> | null;
  github_review_id: number | null;
  url: string | null;
  error: string | null;
  created_at: Generated<Date>;
  finished_at: Date | null;
}

/** The ledger: one row for each thing ever found on a pull request. */
export interface FindingsTable {
  id: Generated<string>;
  repository_id: number;
  number: number;
  fingerprint: string;
  first_review_id: string;
  last_review_id: string;
  state: "open" | "fixed" | "dismissed" | "regressed";
  source: "analyser" | "model";
  rule: string;
  severity: "critical" | "moderate" | "minor" | "nit";
  category: string;
  path: string;
  start_line: number;
  end_line: number;
  title: string;
  body: string;
  suggestion: string | null;
  /** `summary` with a reason, or `inline`. */
  placement: "inline" | "summary";
  placement_reason: string | null;
  created_at: Generated<Date>;
  updated_at: Generated<Date>;
}

/** A checkpoint: what a stage of a review has done, so that its successor does not do it again. */
export interface WorkflowRunsTable {
  review_id: string;
  stage: string;
  state: "started" | "done";
  output: JSONColumnType<object> | null;
  attempts: Generated<number>;
  started_at: Generated<Date>;
  finished_at: Date | null;
}

/** What one answer of a model cost, or calls that came to nothing. Budgets are computed from it. */
export interface ModelUsageTable {
  id: Generated<number>;
  review_id: string;
  repository_id: number;
  model: string;
  input_tokens: number;
  cached_input_tokens: number;
  output_tokens: number;
  /** Null where the model's price is not known. */
  cost_usd: number | null;
  created_at: Generated<Date>;
}
