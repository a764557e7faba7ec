import type { Db } from "@nectr/db";

const head = "a".repeat(40);

/** A pull request of a repository, an event of it, and the review that came of the event. @returns the review's id */
export async function storeReview(
  db: Db,
  repositoryId: number,
  { generation = 1, result }: { generation?: number; result?: object } = {},
): Promise<string> {
  await db
    .insertInto("pull_requests")
    .values({
      repository_id: repositoryId,
      number: 1,
      title: "Sell more",
      author_login: "octocat",
      state: "open",
      draft: false,
      head_sha: head,
      base_ref: "main",
      claimed_by: null,
      claimed_head: null,
      claim_expires_at: null,
      summary_comment_id: null,
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  const { event_id } = await db
    .insertInto("webhook_events")
    .values({
      hook_id: 1,
      delivery_guid: `delivery-${generation}`,
      event: "pull_request",
      action: "synchronize",
      repository_id: repositoryId,
      full_name: "octocat/shop",
      number: 1,
      head_sha: head,
      status: "completed",
      reason: null,
      duplicate_of: null,
      payload: Buffer.from('{"canary":"payload"}'),
      error: null,
      enqueued_at: null,
      started_at: null,
      finished_at: null,
    })
    .returning("event_id")
    .executeTakeFirstOrThrow();
  const { id } = await db
    .insertInto("reviews")
    .values({
      repository_id: repositoryId,
      number: 1,
      head_sha: head,
      generation,
      event_id,
      status: "posted",
      verdict: "comment",
      result: JSON.stringify(result ?? { summary: "Fine." }),
      github_review_id: generation,
      url: "https://github.example/review",
      error: null,
      finished_at: null,
    })
    .returning("id")
    .executeTakeFirstOrThrow();
  return id;
}
