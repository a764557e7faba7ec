import type { Database, Db } from "@nectr/db";
import { type ExpressionBuilder, sql, type Transaction } from "kysely";

/** Which pull request, and which of its heads. */
export interface ClaimTarget {
  readonly repositoryId: number;
  readonly number: number;
  readonly headSha: string;
}

/** The right to review a pull request. It ends when somebody else's is granted: then the fencing token is higher. */
export interface Grant extends ClaimTarget {
  readonly fencingToken: number;
  readonly generation: number;
  readonly summaryCommentId: number | null;
}

/** A pull request's columns while nobody holds it. */
export const unclaimed = {
  claimed_by: null,
  claimed_head: null,
  claim_posting: false,
  claim_expires_at: null,
};

/**
 * Whether the target is a head that another one came after, or one whose review was broken off with a part of it on
 * GitHub. What stands there, verdict and ledger, has gone other ways since: the head is reviewed as if it were new.
 */
function cameBack(e: ExpressionBuilder<Database, "pull_requests">, { headSha }: ClaimTarget) {
  return e.exists(
    e
      .selectFrom("reviews")
      .leftJoin("workflow_runs", (join) =>
        join
          .onRef("workflow_runs.review_id", "=", "reviews.id")
          .on("workflow_runs.stage", "=", "post-review")
          .on("workflow_runs.state", "=", "done"),
      )
      .whereRef("reviews.repository_id", "=", "pull_requests.repository_id")
      .whereRef("reviews.number", "=", "pull_requests.number")
      .whereRef("reviews.generation", "=", "pull_requests.generation")
      .where("reviews.head_sha", "=", headSha)
      .where((r) =>
        r.or([
          r.and([r("reviews.status", "=", "posted"), r("pull_requests.head_sha", "!=", headSha)]),
          r.and([r("reviews.status", "=", "superseded"), r("workflow_runs.stage", "is not", null)]),
        ]),
      ),
  );
}

/**
 * Takes the pull request where it is free, its holder's lease has run out, or its holder reviews an older head and
 * is not writing to GitHub at this moment.
 * @param leaseSeconds how long it stays ours without `renewLease`.
 * @returns undefined where somebody else holds it.
 */
export async function takeClaim(
  db: Db,
  target: ClaimTarget,
  holder: string,
  leaseSeconds: number,
): Promise<Grant | undefined> {
  const row = await db
    .updateTable("pull_requests")
    .set((e) => ({
      fencing_token: e("fencing_token", "+", 1),
      claimed_by: holder,
      claimed_head: target.headSha,
      claim_posting: false,
      claim_expires_at: inSeconds(leaseSeconds),
      head_sha: target.headSha,
      generation: e
        .case()
        .when(cameBack(e, target))
        .then(e("pull_requests.generation", "+", 1))
        .else(e.ref("pull_requests.generation"))
        .end(),
    }))
    .where("repository_id", "=", target.repositoryId)
    .where("number", "=", target.number)
    .where((e) =>
      e.or([
        e("claimed_by", "is", null),
        e("claim_expires_at", "<", sql<Date>`now()`),
        e.and([e("claimed_head", "!=", target.headSha), e("claim_posting", "=", false)]),
      ]),
    )
    .returning(["fencing_token", "generation", "summary_comment_id"])
    .executeTakeFirst();
  if (row === undefined) return undefined;
  return {
    ...target,
    fencingToken: row.fencing_token,
    generation: row.generation,
    summaryCommentId: row.summary_comment_id,
  };
}

/**
 * Extends the lease.
 * @returns the waiting events that may tell of a change to the pull request (another head, another base, a closing);
 *   undefined where the claim is no longer ours.
 */
export async function renewLease(
  db: Db,
  grant: Grant,
  leaseSeconds: number,
): Promise<readonly string[] | undefined> {
  const row = await ownRow(db, grant)
    .set({ claim_expires_at: inSeconds(leaseSeconds) })
    .returning((e) =>
      e
        .selectFrom("webhook_events")
        .select(sql<string[]>`coalesce(array_agg(event_id::text), '{}')`.as("ids"))
        .whereRef("webhook_events.repository_id", "=", "pull_requests.repository_id")
        .whereRef("webhook_events.number", "=", "pull_requests.number")
        .where("status", "=", sql.lit("pending"))
        .where((news) =>
          news.or([
            news("webhook_events.head_sha", "!=", grant.headSha),
            news("action", "in", ["edited", "closed"]),
          ]),
        )
        .as("news"),
    )
    .executeTakeFirst();
  return row && (row.news ?? []);
}

/**
 * From here on nobody takes over before the lease ends.
 * @returns false where the claim is no longer ours, or the pull request is closed: that leaves a posting holder's claim.
 */
export async function beginPosting(db: Db, grant: Grant, leaseSeconds: number): Promise<boolean> {
  const { numUpdatedRows } = await ownRow(db, grant)
    .set({ claim_posting: true, claim_expires_at: inSeconds(leaseSeconds) })
    .where("state", "=", "open")
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

export type ClaimTransaction = Transaction<Database>;

/** Keeps the claim from everybody else until the transaction ends. @returns false where it is no longer ours. */
export async function holdClaim(tx: ClaimTransaction, grant: Grant): Promise<boolean> {
  const row = await tx
    .selectFrom("pull_requests")
    .select("fencing_token")
    .where("repository_id", "=", grant.repositoryId)
    .where("number", "=", grant.number)
    .where("fencing_token", "=", grant.fencingToken)
    .forUpdate()
    .executeTakeFirst();
  return row !== undefined;
}

/** Gives the claim back; nothing happens where it is no longer ours. */
export async function releaseClaim(db: Db, grant: Grant): Promise<void> {
  await ownRow(db, grant).set(unclaimed).execute();
}

/** The pull request as the last claim, or its closing, left it. */
export async function pullRequestNow(
  db: Db,
  { repositoryId, number }: ClaimTarget,
): Promise<{ state: "open" | "closed" | "merged"; headSha: string }> {
  const row = await db
    .selectFrom("pull_requests")
    .select(["state", "head_sha"])
    .where("repository_id", "=", repositoryId)
    .where("number", "=", number)
    .executeTakeFirstOrThrow();
  return { state: row.state, headSha: row.head_sha };
}

function ownRow(db: Db, grant: Grant) {
  return db
    .updateTable("pull_requests")
    .where("repository_id", "=", grant.repositoryId)
    .where("number", "=", grant.number)
    .where("fencing_token", "=", grant.fencingToken);
}

/** By the database's clock, the one that all workers share. */
function inSeconds(seconds: number) {
  return sql<Date>`now() + make_interval(secs => ${seconds})`;
}
