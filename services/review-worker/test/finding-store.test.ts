import type { PlacedFinding, Review } from "@nectr/review";
import { createTestDatabase } from "@nectr/db/testing";
import { expect, inject, test } from "vitest";
import { readLedger, saveFindings } from "../src/finding-store.ts";
import { openReview } from "../src/review-store.ts";

const key = { repositoryId: 42, number: 7, headSha: "a".repeat(40), generation: 0 };

test("the ledger takes more findings than one statement has parameters for, and tells what became of them", async () => {
  await using database = await createTestDatabase(inject("postgresUrl"));
  const { db } = database;
  await db
    .insertInto("repositories")
    .values({ id: key.repositoryId, full_name: "octocat/shop", private: false, default_branch: "main" })
    .execute();
  await db
    .insertInto("pull_requests")
    .values({
      repository_id: key.repositoryId,
      number: key.number,
      title: "A change",
      author_login: "hubot",
      state: "open",
      draft: false,
      head_sha: key.headSha,
      base_ref: "main",
    })
    .execute();
  const { id } = await openReview(db, key, "0192aaaa-0000-7000-8000-000000000000");
  const save = (part: Pick<Review, "findings" | "stillOpen" | "fixed">) =>
    db.transaction().execute((tx) => saveFindings(tx, id, { ...bare, ...part }));
  const all = Array.from({ length: 4_000 }, (_, index) => finding(String(index)));

  await save({ findings: all, stillOpen: [], fixed: [] });
  const ledger = await readLedger(db, key);
  expect(ledger).toHaveLength(4_000);
  await save({ findings: [], stillOpen: all.slice(1), fixed: ledger.slice(0, 1) });
  expect((await readLedger(db, key)).filter(({ state }) => state === "fixed")).toHaveLength(1);
  await save({ findings: all.slice(0, 1), stillOpen: all.slice(1), fixed: [] });
  expect((await readLedger(db, key)).filter(({ state }) => state === "regressed")).toHaveLength(1);
});

const bare: Review = {
  key,
  verdict: "comment",
  binding: false,
  doubts: [],
  summary: "",
  findings: [],
  stillOpen: [],
  unchecked: [],
  fixed: [],
  hidden: { belowMinimum: 0, dismissed: 0 },
  coverage: {
    filesChanged: 1,
    filesRead: 1,
    addedLines: 1,
    addedLinesRead: 1,
    skipped: [],
    failures: [],
    analysers: [],
    analysed: [],
  },
};

function finding(fingerprint: string): PlacedFinding {
  return {
    fingerprint,
    source: "analyser",
    rule: "script/sql-injection",
    severity: "moderate",
    category: "security",
    path: "src/change.js",
    startLine: 1,
    endLine: 1,
    title: "SQL is built from a value",
    body: "It is.",
    placement: { kind: "inline", path: "src/change.js", line: 1 },
  };
}
