import type { Driver } from "neo4j-driver";
import type { Graph } from "../graph.ts";
import { inBatches } from "../in-batches.ts";
import { indexBatch } from "../index-pull-requests.ts";
import { ensureConstraints } from "./constraints.ts";
import { deadFiles, hotspots, riskyFiles, saveFindings } from "./files.ts";
import { indexTree } from "./index-tree.ts";
import { expertise, expertsFor, ownership } from "./people.ts";
import { changesTogether, conflictsOf, linkedIssues, relatedPullRequests } from "./pull-requests.ts";
import { createDriver, type Neo4jOptions, type Run, write, writeInParts } from "./session.ts";
import { createWriter } from "./writer.ts";

/** The graph in Neo4j 5 or later. Nothing connects before the first call; dispose of it to close its connections. */
export function createNeo4jGraph(options: Neo4jOptions): Graph & AsyncDisposable {
  const driver = createDriver(options);
  const writing = createWriting(driver);
  return {
    indexTree: (repositoryId, files, tree) => writing((run) => indexTree(run, repositoryId, files, tree)),
    async indexPullRequests(repositoryId, pulls) {
      for (const batch of inBatches(pulls)) {
        await writing(async (run) => indexBatch(await createWriter(run, repositoryId), batch));
      }
    },
    indexFindings: (repositoryId, number, findings) =>
      writing((run) => saveFindings(run, repositoryId, number, findings)),
    removeRepository: (repositoryId) => removeRepository(driver, repositoryId),
    expertsFor: (...args) => expertsFor(driver, ...args),
    relatedPullRequests: (...args) => relatedPullRequests(driver, ...args),
    linkedIssues: (...args) => linkedIssues(driver, ...args),
    hotspots: (...args) => hotspots(driver, ...args),
    riskyFiles: (...args) => riskyFiles(driver, ...args),
    deadFiles: (...args) => deadFiles(driver, ...args),
    ownership: (...args) => ownership(driver, ...args),
    expertise: (...args) => expertise(driver, ...args),
    changesTogether: (...args) => changesTogether(driver, ...args),
    conflictsOf: (...args) => conflictsOf(driver, ...args),
    [Symbol.asyncDispose]: () => driver.close(),
  };
}

/** Transactions, and before the first of them the constraints, without which `merge` makes doubles. */
function createWriting(driver: Driver): <T>(work: (run: Run) => Promise<T>) => Promise<T> {
  let constrained: Promise<void> | undefined;
  return async (work) => {
    constrained ??= ensureConstraints(driver);
    try {
      await constrained;
    } catch (error) {
      constrained = undefined;
      throw error;
    }
    return await write(driver, work);
  };
}

async function removeRepository(driver: Driver, repositoryId: number): Promise<void> {
  for (const label of ["Repository", "PullRequest", "File", "Developer", "Issue"]) {
    await writeInParts(
      driver,
      `match (n:${label} {repositoryId: $repositoryId})
       call { with n detach delete n } in transactions of 1000 rows`,
      { repositoryId },
    );
  }
}
