import type { Db, ReviewRow } from "@nectr/db";

/** A pull request of a repository, an event of it, and the review that came of the event. @returns the review's id */
export async function storeReview(
  db: Db,
  repositoryId: number,
  {
    generation = 1,
    verdict = "comment",
    result = { summary: "Fine." },
  }: { generation?: number; verdict?: ReviewRow["verdict"]; result?: object } = {},
): Promise<string> {
  const pull = { repository_id: repositoryId, number: 1, head_sha: "a".repeat(40) };
  await db
    .insertInto("pull_requests")
    .values({
      ...pull,
      title: "Sell more",
      author_login: "octocat",
      state: "open",
      draft: false,
      base_ref: "main",
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  const { event_id } = await db
    .insertInto("webhook_events")
    .values({
      ...pull,
      hook_id: 1,
      delivery_guid: `delivery-${generation}`,
      event: "pull_request",
      action: "synchronize",
      full_name: "octocat/shop",
      status: "completed",
      payload: Buffer.from('{"canary":"payload"}'),
    })
    .returning("event_id")
    .executeTakeFirstOrThrow();
  const { id } = await db
    .insertInto("reviews")
    .values({
      ...pull,
      generation,
      event_id,
      status: "posted",
      verdict,
      result: JSON.stringify(result),
      github_review_id: generation,
      url: "https://github.example/review",
    })
    .returning("id")
    .executeTakeFirstOrThrow();
  return id;
}
