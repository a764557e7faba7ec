import { readFileSync } from "node:fs";
import { connect, migrateToLatest } from "@nectr/db";
import { createNeo4jGraph, createPostgresGraph, type Graph } from "../src/index.ts";
import { countRows, findProcess, giveFindings } from "./findings-store.ts";
import { makeHistory, type History } from "./history.ts";

// What indexing and asking cost at 20,000 files and 5,000 pull requests:
//   node packages/knowledge/bench/graph.ts postgres://localhost/an_empty_database [bolt://localhost:7687]

const repositoryId = 1;
const now = new Date("2026-11-20T00:00:00Z");
const rounds = 60;

const [url, bolt] = process.argv.slice(2);
if (url === undefined) throw new Error("Give the URL of an empty PostgreSQL database");
const history = makeHistory({ files: 20_000, pulls: 5_000, seed: 1, now });

const db = connect({ connectionString: url, maxConnections: 1, onError: console.error });
await migrateToLatest(db);
const server = await findProcess(db);
const graph = createPostgresGraph(db);
await measureIndexing("Postgres", graph, () => processorMs(server));
await giveFindings(db, repositoryId);
console.log(await countRows(db));
await measureQuestions(graph, history, () => processorMs(server));
await db.destroy();

if (bolt !== undefined) {
  await using neo4j = createNeo4jGraph({ uri: bolt, username: "neo4j", password: "" });
  await neo4j.removeRepository(repositoryId);
  await measureIndexing("Neo4j", neo4j, () => 0);
  await measureQuestions(neo4j, history, () => 0);
}

/** On Linux: what a process has had of the processors, which says more than the time on a machine that is busy. */
function processorMs(pid: number): number {
  if (process.platform !== "linux") return 0;
  return Number(readFileSync(`/proc/${pid}/schedstat`, "utf8").split(" ")[0]) / 1_000_000;
}

async function measureIndexing(name: string, target: Graph, used: () => number): Promise<void> {
  const before = used();
  const tree = await milliseconds(() =>
    target.indexTree(repositoryId, history.files, { sha: "c0ffee", branch: "main", at: now }),
  );
  // The newest first, as they are asked for when a repository is connected.
  const pulls = await milliseconds(() => target.indexPullRequests(repositoryId, history.pulls.toReversed()));
  const processor = used() - before;
  const again = await milliseconds(() => target.indexPullRequests(repositoryId, history.pulls.slice(-200)));
  const one = await milliseconds(() => target.indexPullRequests(repositoryId, history.pulls.slice(-1)));
  console.log(
    `${name}: tree ${seconds(tree)}, pull requests ${seconds(pulls)}, together ${seconds(tree + pulls)} ` +
      `(${((tree + pulls) / 120_000).toFixed(3)} of 2 minutes; the server's processor ${seconds(processor)}); 200 again ${seconds(again)}, one ${one.toFixed(0)} ms`,
  );
}

async function measureQuestions(target: Graph, { pulls }: History, used: () => number): Promise<void> {
  const merged = pulls.filter(({ state }) => state === "merged");
  const opened = pulls.filter(({ state }) => state === "open");
  const sizes = pulls.map(({ files }) => files.length).toSorted((a, b) => a - b);
  console.log(`files a pull request: middle ${at(sizes, 0.5)}, p95 ${at(sizes, 0.95)}, most ${at(sizes, 1)}`);
  /** Of the newest ones, as they are asked about; every tenth one is large. */
  const paths = (i: number) => merged.at(-1 - i)?.files.map(({ path }) => path) ?? [];
  const timed = { now, limit: 10 };
  const together = { leastTogether: 4, leastConfidence: 0.75, limit: 10 };
  const hottest = (await target.hotspots(repositoryId, { now, limit: 30 })).map(({ path }) => path);
  const questions: Record<string, (i: number) => Promise<unknown>> = {
    expertsFor: (i) => target.expertsFor(repositoryId, paths(i), timed),
    "expertsFor the 30 hottest": () => target.expertsFor(repositoryId, hottest, timed),
    relatedPullRequests: (i) => target.relatedPullRequests(repositoryId, paths(i), timed),
    "relatedPullRequests of the 30 hottest": () => target.relatedPullRequests(repositoryId, hottest, timed),
    linkedIssues: (i) => target.linkedIssues(repositoryId, merged.at(-1 - i)?.number ?? 0),
    hotspots: () => target.hotspots(repositoryId, timed),
    riskyFiles: () => target.riskyFiles(repositoryId, timed),
    "riskyFiles of a change": (i) => target.riskyFiles(repositoryId, { paths: paths(i), limit: 10 }),
    deadFiles: () => target.deadFiles(repositoryId, { since: new Date("2024-01-01"), limit: 50 }),
    "ownership of all": () => target.ownership(repositoryId, { ...timed, folder: "packages" }),
    "ownership of a folder": (i) =>
      target.ownership(repositoryId, { ...timed, folder: `packages/p${i % 9}` }),
    expertise: (i) => target.expertise(repositoryId, 1 + (i % 5), timed),
    changesTogether: (i) => target.changesTogether(repositoryId, paths(i), together),
    "changesTogether of the 30 hottest": () => target.changesTogether(repositoryId, hottest, together),
    conflictsOf: (i) => target.conflictsOf(repositoryId, opened.at(-1 - i)?.number ?? 0),
  };
  for (const [name, ask] of Object.entries(questions)) {
    for (let i = 0; i < 5; i += 1) await ask(i);
    const times: number[] = [];
    let size = 0;
    const before = used();
    for (let i = 0; i < rounds; i += 1) {
      times.push(await milliseconds(async () => void (size = JSON.stringify(await ask(i)).length)));
    }
    const processor = (used() - before) / rounds;
    times.sort((a, b) => a - b);
    const [p50, p95] = [at(times, 0.5), at(times, 0.95)];
    console.log(
      `${name.padEnd(40)} p50 ${p50.toFixed(1)} ms, p95 ${p95.toFixed(1)} ms, ${(p95 / 50).toFixed(2)} of 50 ms; processor ${processor.toFixed(1)} ms (${size} characters)`,
    );
  }
}

async function milliseconds(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}

function at(sorted: readonly number[], part: number): number {
  return sorted[Math.min(Math.floor(sorted.length * part), sorted.length - 1)] ?? 0;
}
