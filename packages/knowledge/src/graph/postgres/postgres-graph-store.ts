import type { Db } from "@nectr/db";
import type { Graph } from "../graph.ts";
import { inBatches } from "../in-batches.ts";
import { indexBatch } from "../index-pull-requests.ts";
import { deadFiles, hotspots, riskyFiles } from "./file-queries.ts";
import { expertise, expertsFor, ownership } from "./people-queries.ts";
import { changesTogether, conflictsOf, linkedIssues, relatedPullRequests } from "./pull-request-queries.ts";
import { indexTree } from "./tree-store.ts";
import { createWriter } from "./writer-store.ts";

/** The graph in our own database. */
export function createPostgresGraph(db: Db): Graph {
  return {
    indexTree: (...args) => indexTree(db, ...args),
    async indexPullRequests(repositoryId, pulls) {
      for (const batch of inBatches(pulls)) {
        await db.transaction().execute(async (tx) => indexBatch(await createWriter(tx, repositoryId), batch));
      }
    },
    // The ledger is a table of the same database.
    indexFindings: async () => {},
    removeRepository: (repositoryId) => removeRepository(db, repositoryId),
    expertsFor: (...args) => expertsFor(db, ...args),
    relatedPullRequests: (...args) => relatedPullRequests(db, ...args),
    linkedIssues: (...args) => linkedIssues(db, ...args),
    hotspots: (...args) => hotspots(db, ...args),
    riskyFiles: (...args) => riskyFiles(db, ...args),
    deadFiles: (...args) => deadFiles(db, ...args),
    ownership: (...args) => ownership(db, ...args),
    expertise: (...args) => expertise(db, ...args),
    changesTogether: (...args) => changesTogether(db, ...args),
    conflictsOf: (...args) => conflictsOf(db, ...args),
  };
}

async function removeRepository(db: Db, repositoryId: number): Promise<void> {
  await db.transaction().execute(async (tx) => {
    // First, as it is what whoever writes to this graph holds.
    for (const table of [
      "graph_repositories",
      "graph_touches",
      "graph_reviewers",
      "graph_closes",
      "graph_pull_requests",
      "graph_files",
      "graph_developers",
    ] as const) {
      await tx.deleteFrom(table).where("repository_id", "=", repositoryId).execute();
    }
  });
}
