import { describe } from "vitest";
import { createNeo4jGraph } from "../src/index.ts";
import { graphContract, type GraphUnderTest } from "./graph-contract.ts";
import { hasNeo4j, startNeo4j } from "./neo4j-server.ts";

describe.skipIf(!hasNeo4j)("the graph on Neo4j (needs java, and a server: see test/neo4j/pom.xml)", () =>
  graphContract(start),
);

async function start(): Promise<GraphUnderTest> {
  const server = await startNeo4j();
  const graph = createNeo4jGraph(server);
  // The first write makes the constraints, for which a new server takes its time.
  await graph.removeRepository(1);
  await graph.indexFindings(1, 1, []);
  return {
    graph,
    giveFindings: (...args) => graph.indexFindings(...args),
    async [Symbol.asyncDispose]() {
      await graph[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
    },
  };
}
