import type { Database, Db } from "@nectr/db";
import type { EarlierFinding, PlacedFinding, Review, ReviewKey } from "@nectr/review";
import { sql, type Transaction } from "kysely";

/** The ledger: everything found on the pull request so far. */
export async function readLedger(
  db: Db,
  key: Pick<ReviewKey, "repositoryId" | "number">,
): Promise<EarlierFinding[]> {
  return await db
    .selectFrom("findings")
    .select(["fingerprint", "source", "state", "path", "title", "severity"])
    .where("repository_id", "=", key.repositoryId)
    .where("number", "=", key.number)
    .orderBy("id")
    .execute();
}

/** Rows a statement: a protocol message holds 65,535 parameters, and a row has less than 30. */
const batch = 500;

/** Writes a review's findings into the ledger: new ones open, those that came back regressed, those gone fixed. */
export async function saveFindings(
  tx: Transaction<Database>,
  reviewId: string,
  review: Review,
): Promise<void> {
  const rows = [...review.findings, ...review.stillOpen].map((finding) =>
    newRow(finding, review.key, reviewId),
  );
  for (let start = 0; start < rows.length; start += batch) {
    await tx
      .insertInto("findings")
      .values(rows.slice(start, start + batch))
      .onConflict((conflict) =>
        conflict.columns(["repository_id", "number", "fingerprint"]).doUpdateSet((e) => ({
          last_review_id: reviewId,
          state: sql<"open" | "regressed">`case
            when ${e.ref("findings.state")} in ('fixed', 'regressed') then 'regressed' else 'open' end`,
          start_line: e.ref("excluded.start_line"),
          end_line: e.ref("excluded.end_line"),
          placement: e.ref("excluded.placement"),
          placement_reason: e.ref("excluded.placement_reason"),
          updated_at: sql<Date>`now()`,
        })),
      )
      .execute();
  }
  if (review.fixed.length === 0) return;
  await tx
    .updateTable("findings")
    .set({ state: "fixed", last_review_id: reviewId, updated_at: sql<Date>`now()` })
    .where("repository_id", "=", review.key.repositoryId)
    .where("number", "=", review.key.number)
    .where("fingerprint", "=", sql<string>`any(${review.fixed.map(({ fingerprint }) => fingerprint)})`)
    .execute();
}

function newRow(finding: PlacedFinding, key: ReviewKey, reviewId: string) {
  const { placement } = finding;
  return {
    repository_id: key.repositoryId,
    number: key.number,
    first_review_id: reviewId,
    last_review_id: reviewId,
    state: "open" as const,
    fingerprint: finding.fingerprint,
    source: finding.source,
    rule: finding.rule,
    severity: finding.severity,
    category: finding.category,
    path: finding.path,
    start_line: finding.startLine,
    end_line: finding.endLine,
    title: finding.title,
    body: finding.body,
    suggestion: finding.suggestion ?? null,
    placement: placement.kind,
    placement_reason: placement.kind === "summary" ? placement.reason : null,
  };
}
