import type { Db } from "@nectr/db";
import { createTestDatabase } from "@nectr/db/testing";
import { sql } from "kysely";
import { describe, inject } from "vitest";
import { createPostgresGraph, type FindingOutcome } from "../src/index.ts";
import { graphContract, type GraphUnderTest } from "./graph-contract.ts";

describe("the graph on Postgres", () => graphContract(start));

async function start(): Promise<GraphUnderTest> {
  const { db, ...database } = await createTestDatabase(inject("postgresUrl"));
  const graph = createPostgresGraph(db);
  return {
    graph,
    giveFindings: (...args) => giveFindings(db, ...args),
    [Symbol.asyncDispose]: () => database[Symbol.asyncDispose](),
  };
}

/** Rows of the ledger, with what they stand on. */
async function giveFindings(
  db: Db,
  repositoryId: number,
  number: number,
  findings: readonly FindingOutcome[],
): Promise<void> {
  await sql`insert into repositories (id, full_name, private, default_branch)
    values (${repositoryId}, ${`octo/${repositoryId}`}, false, 'main')`.execute(db);
  await sql`insert into pull_requests (repository_id, number, title, author_login, state, draft, head_sha, base_ref)
    values (${repositoryId}, ${number}, 'A title', 'octocat', 'open', false, 'c0ffee', 'main')`.execute(db);
  await sql`
    with r as (
      insert into reviews (repository_id, number, head_sha, generation, event_id)
      values (${repositoryId}, ${number}, 'c0ffee', 0, uuidv4()) returning *
    )
    insert into findings (repository_id, number, fingerprint, first_review_id, last_review_id, state, source, rule,
      severity, category, path, start_line, end_line, title, body, placement)
    select r.repository_id, r.number, uuidv4()::text, r.id, r.id, f.state, 'model', 'model',
      f.severity, 'security', f.path, 1, 1, 'A title', 'A body', 'inline'
    from r, jsonb_to_recordset(${JSON.stringify(findings)}) as f (path text, state text, severity text)`.execute(
    db,
  );
}
