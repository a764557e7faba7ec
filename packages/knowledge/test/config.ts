import { resolve } from "node:path";

/** Where the tests look for a Neo4j. */
export const neo4jConfig = {
  /** One that runs, and that may be written to. */
  uri: process.env["NEO4J_URI"],
  username: process.env["NEO4J_USERNAME"] ?? "neo4j",
  password: process.env["NEO4J_PASSWORD"] ?? "",
  /** One that is installed: its jars are in the folder `lib`. By itself what `neo4j/pom.xml` fetches. */
  home: process.env["NECTR_NEO4J_HOME"] ?? resolve(import.meta.dirname, "../../../node_modules/.cache/neo4j"),
  javaHome: process.env["JAVA_HOME"],
};
