import type { Driver } from "neo4j-driver";

/** What tells nodes from each other: always the repository first. */
const keys: Readonly<Record<string, readonly string[]>> = {
  Repository: ["repositoryId"],
  File: ["repositoryId", "path"],
  PullRequest: ["repositoryId", "number"],
  Developer: ["repositoryId", "id"],
  Issue: ["repositoryId", "number"],
};

const indexes: readonly (readonly [label: string, ...properties: string[]])[] = [
  ["File", "repositoryId", "heat"],
  ["PullRequest", "repositoryId", "state"],
];

/** Makes constraints and indexes where they are not there yet, and waits until they can be used. */
export async function ensureConstraints(driver: Driver): Promise<void> {
  for (const [label, properties] of Object.entries(keys)) {
    const key = properties.map((property) => `n.${property}`).join(", ");
    await driver.executeQuery(
      `create constraint nectr_${label.toLowerCase()} if not exists for (n:${label}) require (${key}) is unique`,
    );
  }
  for (const [label, ...properties] of indexes) {
    const name = `nectr_${label}_${properties.at(-1)}`.toLowerCase();
    const columns = properties.map((property) => `n.${property}`).join(", ");
    await driver.executeQuery(`create index ${name} if not exists for (n:${label}) on (${columns})`);
  }
  await driver.executeQuery("call db.awaitIndexes(60)");
}
