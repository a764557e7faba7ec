import type { Db } from "@nectr/db";
import type { PullRequest } from "@nectr/github";
import { sql } from "kysely";
import { unclaimed } from "./claim-store.ts";

/** A repository, and what it is called. */
export interface RepositoryKey {
  readonly id: number;
  readonly fullName: string;
}

/** Notes what GitHub calls the repository now. */
export async function saveFullName(db: Db, { id, fullName }: RepositoryKey): Promise<void> {
  await db.updateTable("repositories").set({ full_name: fullName }).where("id", "=", id).execute();
}

/**
 * Writes down a pull request as GitHub shows it now, with what its repository is called, and the repository itself
 * where nobody connected it. Against another base the same head is another change: it begins a new generation of
 * reviews.
 */
export async function savePullRequest(db: Db, pull: PullRequest): Promise<void> {
  await db.transaction().execute(async (tx) => {
    await tx
      .insertInto("repositories")
      .values({
        id: pull.repositoryId,
        full_name: pull.fullName,
        private: pull.private,
        default_branch: pull.base.ref,
      })
      .onConflict((conflict) =>
        conflict.column("id").doUpdateSet({ private: pull.private, full_name: pull.fullName }),
      )
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
      .values({ repository_id: pull.repositoryId, number: pull.number, head_sha: pull.head.sha, ...facts })
      .onConflict((conflict) =>
        conflict.columns(["repository_id", "number"]).doUpdateSet((e) => ({
          ...facts,
          generation: sql`${e.ref("pull_requests.generation")}
            + (${e.ref("pull_requests.base_ref")} is distinct from ${e.ref("excluded.base_ref")})::int`,
        })),
      )
      .execute();
  });
}

/**
 * Notes that a pull request is closed, and takes it from whoever is reviewing it; but not from whoever is writing to
 * GitHub at this moment: a worker that came after a reopening would look for what is not there yet, and write it again.
 * The holder's next write is refused, because the pull request is closed.
 */
export async function closePullRequest(
  db: Db,
  { repositoryId, number, merged }: { repositoryId: number; number: number; merged: boolean },
): Promise<void> {
  await db.transaction().execute(async (tx) => {
    const pull = tx
      .updateTable("pull_requests")
      .where("repository_id", "=", repositoryId)
      .where("number", "=", number);
    await pull.set({ state: merged ? "merged" : "closed", updated_at: sql<Date>`now()` }).execute();
    await pull
      .set((e) => ({
        fencing_token: e("fencing_token", "+", 1),
        ...unclaimed,
      }))
      .where((e) => e.or([e("claim_posting", "=", false), e("claim_expires_at", "<", sql<Date>`now()`)]))
      .execute();
  });
}

function stateOf(pull: PullRequest): "open" | "closed" | "merged" {
  return pull.merged ? "merged" : pull.state;
}
