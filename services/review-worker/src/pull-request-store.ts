import type { Db } from "@nectr/db";
import type { PullRequest } from "@nectr/github";
import { sql } from "kysely";

/** Which repository an event speaks of. */
export interface RepositoryKey {
  readonly id: number;
  readonly fullName: string;
}

/** Writes down a pull request as GitHub shows it now, and its repository where nobody connected it. */
export async function savePullRequest(db: Db, repository: RepositoryKey, pull: PullRequest): Promise<void> {
  await db.transaction().execute(async (tx) => {
    await tx
      .insertInto("repositories")
      .values({
        id: repository.id,
        full_name: repository.fullName,
        private: pull.private,
        default_branch: pull.base.ref,
      })
      .onConflict((conflict) => conflict.column("id").doUpdateSet({ private: pull.private }))
      .execute();
    const facts = {
      title: pull.title,
      author_login: pull.author.login,
      state: stateOf(pull),
      draft: pull.draft,
      base_ref: pull.base.ref,
      updated_at: sql<Date>`now()`,
    };
    await tx
      .insertInto("pull_requests")
      .values({ repository_id: repository.id, number: pull.number, head_sha: pull.head.sha, ...facts })
      .onConflict((conflict) => conflict.columns(["repository_id", "number"]).doUpdateSet(facts))
      .execute();
  });
}

/** Notes that a pull request is closed, and takes it from whoever is reviewing it. */
export async function closePullRequest(
  db: Db,
  { repositoryId, number, merged }: { repositoryId: number; number: number; merged: boolean },
): Promise<void> {
  await db
    .updateTable("pull_requests")
    .set((e) => ({
      state: merged ? "merged" : "closed",
      fencing_token: e("fencing_token", "+", 1),
      claimed_by: null,
      claimed_head: null,
      claim_posting: false,
      claim_expires_at: null,
      updated_at: sql<Date>`now()`,
    }))
    .where("repository_id", "=", repositoryId)
    .where("number", "=", number)
    .execute();
}

function stateOf(pull: PullRequest): "open" | "closed" | "merged" {
  return pull.merged ? "merged" : pull.state;
}
