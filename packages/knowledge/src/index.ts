export { changedLinesOf, type ParsedHunk } from "./graph/changed-lines.ts";
export { parseClosingKeywords } from "./graph/closing-keywords.ts";
export type * from "./graph/graph.ts";
export { createNeo4jGraph } from "./graph/neo4j/neo4j-graph.ts";
export { createPostgresGraph } from "./graph/postgres/postgres-graph-store.ts";
export type * from "./graph/pull-request-facts.ts";
export { createPostgresMemory } from "./memory/memory-store.ts";
export type * from "./memory/memory.ts";
