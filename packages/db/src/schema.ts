import type { Generated, Selectable } from "kysely";
import type { ConfigReportsTable } from "./config-reports-table.ts";
import type { GraphTables } from "./graph-tables.ts";
import type { MemoriesTable } from "./memory-tables.ts";
import type { FindingsTable, ModelUsageTable, ReviewsTable, WorkflowRunsTable } from "./review-tables.ts";

/**
 * Every table, as Kysely sees it. GitHub's ids are `number` (they stay far below 2^53; `connect` parses int8 so),
 * times are `Date`, and what is encrypted says so in its name.
 */
export interface Database extends GraphTables {
  users: UsersTable;
  sessions: SessionsTable;
  oauth_states: OAuthStatesTable;
  sign_in_links: SignInLinksTable;
  request_limits: RequestLimitsTable;
  repositories: RepositoriesTable;
  installations: InstallationsTable;
  webhook_events: WebhookEventsTable;
  event_keys: EventKeysTable;
  redeliveries: RedeliveriesTable;
  review_places: ReviewPlacesTable;
  config_reports: ConfigReportsTable;
  pull_requests: PullRequestsTable;
  reviews: ReviewsTable;
  findings: FindingsTable;
  workflow_runs: WorkflowRunsTable;
  model_usage: ModelUsageTable;
  memories: MemoriesTable;
}

/** A person who signed in, with the token that GitHub gave for them. */
export interface UsersTable {
  id: Generated<number>;
  github_id: number;
  login: string;
  name: string | null;
  email: string | null;
  avatar_url: string | null;
  /** Fernet; null after a disconnect. The plaintext names its owner, see `accounts`. */
  encrypted_token: string | null;
  /** Fernet; only expiring tokens have one. */
  encrypted_refresh_token: string | null;
  token_expires_at: Date | null;
  scopes: string;
  /** `reconnect_needed`: GitHub refuses the token; the user's jobs wait until they sign in again. */
  token_state: Generated<"active" | "reconnect_needed">;
  created_at: Generated<Date>;
  updated_at: Generated<Date>;
}

/** One sign-in. The cookie's JWT names it, so that signing out ends it everywhere. */
export interface SessionsTable {
  id: Generated<string>;
  user_id: number;
  created_at: Generated<Date>;
  expires_at: Date;
  revoked_at: Date | null;
}

/** An authorization under way: what the callback must bring back, once. */
export interface OAuthStatesTable {
  /** SHA-256 of the state, so that a reader of the table can't finish somebody's sign-in. */
  state_hash: Buffer;
  encrypted_code_verifier: string;
  /** Path on FRONTEND_URL to return to. */
  return_to: string | null;
  created_at: Generated<Date>;
  expires_at: Date;
}

/** A way in for the one person of a personal installation: good once. */
export interface SignInLinksTable {
  /** SHA-256 of the token in the link. */
  token_hash: Buffer;
  created_at: Generated<Date>;
  expires_at: Date;
}

/** What is used of GitHub's limits on a user. Times by the database's clock, as `LimitState` of packages/github says. */
export interface RequestLimitsTable {
  /** GitHub's id of the user; `operator`: whose the operator's token is, is not known yet. */
  account: string;
  /** GitHub asked for silence until then. */
  paused_until: Date;
  /** Limits met in a row. */
  strikes: number;
  /** When the allowance of points, and that of writes, will be whole again. */
  points_whole_at: Date;
  writes_whole_at: Date;
  /** When the next write may begin, or the turn of one under way runs out. */
  next_write_at: Date;
  latest_write: number;
  /** The latest time at which somebody was told to come back for a write. */
  last_retry_at: Date;
}

/** A repository under its GitHub id, which survives renames and transfers. */
export interface RepositoriesTable {
  id: number;
  full_name: string;
  private: boolean;
  default_branch: string;
  hook_id: number | null;
  /** Fernet; written before the hook is created, because its ping may arrive first. */
  encrypted_webhook_secret: string | null;
  /** Fernet; accepted beside the new one until `previous_secret_expires_at`. */
  encrypted_previous_secret: string | null;
  /** Null beside a previous secret: GitHub has not confirmed the new one yet, so both are good. */
  previous_secret_expires_at: Date | null;
  /** Where reconciliation over GitHub's deliveries goes on: an ISO 8601 time, before which nothing is outstanding. */
  delivery_cursor: string | null;
  /** When it is due. */
  reconcile_at: Generated<Date>;
  /** When it last found nothing that was outstanding. */
  reconciled_at: Date | null;
  /** It has no webhook: the worker asks for its open pull requests each minute. */
  polled: Generated<boolean>;
  created_at: Generated<Date>;
  updated_at: Generated<Date>;
}

/** A user's connection to a repository. */
export interface InstallationsTable {
  user_id: number;
  repository_id: number;
  active: Generated<boolean>;
  created_at: Generated<Date>;
  updated_at: Generated<Date>;
}

/** What a stored event can be in; the last five are final, and only `failed` can be replayed. */
export type EventStatus =
  | "pending"
  | "processing"
  | "completed"
  | "failed"
  | "superseded"
  | "duplicate"
  | "ignored";

/** One webhook delivery. The row is the truth; the queue only delivers. */
export interface WebhookEventsTable {
  event_id: Generated<string>;
  /** 0 where the delivery named no hook. */
  hook_id: number;
  delivery_guid: string;
  event: string;
  action: string | null;
  repository_id: number | null;
  full_name: string | null;
  number: number | null;
  head_sha: string | null;
  status: EventStatus;
  /** Why it is ignored, superseded or a duplicate, or what it last waited for. */
  reason: string | null;
  duplicate_of: string | null;
  /**
   * JSON: as much of GitHub's payload as is read, in its form. None on duplicates and ignored ones, nor after a week on
   * completed and superseded ones.
   */
  payload: Buffer | null;
  attempts: Generated<number>;
  error: string | null;
  received_at: Generated<Date>;
  enqueued_at: Date | null;
  started_at: Date | null;
  finished_at: Date | null;
  /**
   * Waits for a place: it is not in the queue, or (with an attempt behind it) is there for later. Means nothing where it
   * is not pending.
   */
  held: Generated<boolean>;
}

/** Which event an identical one within the hour is a duplicate of. */
export interface EventKeysTable {
  key: string;
  event_id: string;
  expires_at: Date;
}

/** A delivery that failed, and that GitHub was asked for again: a gap, closed once it arrived. */
export interface RedeliveriesTable {
  hook_id: number;
  delivery_guid: string;
  repository_id: number;
  /** When it failed, by GitHub's clock. */
  delivered_at: Date;
  /** How often it was asked for while the receiver was known to hear. */
  attempts: number;
  asked_at: Generated<Date>;
  /** In whose name; null: the operator's, or a user who is gone. */
  asked_by: number | null;
  arrived_at: Date | null;
}

/** A review that runs, as it counts towards how many of a repository and of a user may run at once. */
export interface ReviewPlacesTable {
  event_id: string;
  repository_id: number;
  /** Whose token serves it; 0: the operator's. */
  user_id: number;
  /** The run that has the place: where the event is given to another worker, the former one has it no more. */
  holder: string;
  /** Renewed while it runs; past it, it does not count. */
  expires_at: Date;
}

/** A pull request, with the claim of the one worker that may review it now. */
export interface PullRequestsTable {
  repository_id: number;
  number: number;
  title: string;
  author_login: string;
  state: "open" | "closed" | "merged";
  draft: boolean;
  head_sha: string;
  base_ref: string;
  /** Raised where a head is reviewed as if it were new: it came back, or the base changed. */
  generation: Generated<number>;
  /** Raised by every claim; whoever holds an older one may not write. */
  fencing_token: Generated<number>;
  claimed_by: string | null;
  claimed_head: string | null;
  /** Set while the holder writes to GitHub: until its lease ends nobody takes over. */
  claim_posting: Generated<boolean>;
  claim_expires_at: Date | null;
  summary_comment_id: number | null;
  created_at: Generated<Date>;
  updated_at: Generated<Date>;
}

export type UserRow = Selectable<UsersTable>;
export type RepositoryRow = Selectable<RepositoriesTable>;
export type WebhookEventRow = Selectable<WebhookEventsTable>;
export type ReviewRow = Selectable<ReviewsTable>;
