import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createTestDatabase, type TestDatabase } from "@nectr/db/testing";
import { createGitHubClient, type GitHubClient, getPullRequest } from "@nectr/github";
import { createSimulator, type Simulator } from "@nectr/github-simulator";
import { parseRepositoryConfig } from "@nectr/review";
import { sql } from "kysely";
import { afterAll, afterEach, beforeAll, beforeEach, expect, inject, test } from "vitest";
import { describeMistakes, type ReportContext, reportConfigMistakes } from "../src/stages/config-report.ts";

const mistaken = "status: true\npath: {}\n";
const ref = { owner: "octocat", name: "shop" };

let folder: string;
let simulator: Simulator;
let database: TestDatabase;
let client: GitHubClient;
let repository: { id: number; fullName: string };
let viewerId: number;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "nectr-config-"));
  simulator = await createSimulator({ dataDir: folder, checkResponses: true });
  viewerId = (await simulator.createUser({ login: "octocat" })).id;
  repository = await simulator.createRepository({ owner: "octocat", name: "shop", members: {} });
  client = createGitHubClient({
    apiUrl: simulator.url,
    token: simulator.createToken("octocat"),
    userId: "1",
    pace: "none",
  });
  await commit("main", { "README.md": "# Shop\n", ".nectr.yml": mistaken });
});
afterAll(async () => {
  await simulator.close();
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(async () => {
  database = await createTestDatabase(inject("postgresUrl"));
  await database.db
    .insertInto("repositories")
    .values({ id: repository.id, full_name: repository.fullName, private: false, default_branch: "main" })
    .execute();
});
afterEach(async () => {
  expect(simulator.violations()).toEqual([]);
  await database[Symbol.asyncDispose]();
});

function commit(branch: string, files: Readonly<Record<string, string>>): Promise<string> {
  const from = branch === "main" ? {} : { from: "main" };
  return simulator.commit({
    repository: repository.fullName,
    branch,
    ...from,
    files,
    message: "Change",
    author: "octocat",
  });
}

let branches = 0;
/** A review of a pull request of its own, as far as the report knows it. */
async function review(): Promise<ReportContext> {
  branches += 1;
  const head = `change-${branches}`;
  await commit(head, { "src/a.js": `${branches}\n` });
  const { number } = await simulator.openPullRequest({
    repository: repository.fullName,
    head,
    title: "A change",
    author: "octocat",
  });
  return {
    ref,
    repository,
    account: { client, githubId: viewerId },
    pull: await getPullRequest(client, ref, number),
    claim: { write: (work) => work() },
  };
}

function report(context: ReportContext, text = mistaken): Promise<void> {
  const { problems } = parseRepositoryConfig(text);
  const accounts = { github: { githubUrl: simulator.url, apiUrl: simulator.url } };
  return reportConfigMistakes({ db: database.db, accounts }, context, problems, text);
}

const comments = ({ pull }: ReportContext) => simulator.comments(repository.fullName, pull.number);

/** The next writes of comments meet this. */
function refuseComments(status: number, when: "before" | "after", times = 1): void {
  const effect = { kind: "status", status, when } as const;
  simulator.faults.add({ method: "POST", times, path: /\/comments$/, effect });
}

test("a mistake is told with its line, linked to the file as it was read", async () => {
  const context = await review();
  await report(context);
  const file = `${simulator.url}/octocat/shop/blob/${context.pull.base.sha}/.nectr.yml`;
  expect(comments(context)).toMatchObject([{ body: expect.stringContaining("has a mistake") }]);
  expect(comments(context)[0]?.body).toContain(
    `[Line 2, column 1](${file}#L2): Unknown key \`path\`. Did you mean \`paths\`?`,
  );
});

test("each version of the file is told of once in a repository, and a sound one never", async () => {
  const [first, second] = [await review(), await review()];
  await report(first);
  await report(first);
  await report(second);
  await report(second, "status: true\n");
  expect([comments(first).length, comments(second).length]).toEqual([1, 0]);
  await report(second, "status: 1\n");
  // As of another branch, that still has the first one.
  await report(second);
  expect([comments(first).length, comments(second).length]).toEqual([1, 1]);
});

test("of workers that find it at the same time one tells", async () => {
  const contexts = await Promise.all([1, 2, 3, 4].map(review));
  await Promise.all(contexts.map((context) => report(context)));
  expect(contexts.flatMap(comments)).toHaveLength(1);
});

test("what GitHub refuses is left to the next pull request", async () => {
  const [first, second] = [await review(), await review()];
  refuseComments(403, "before");
  await expect(report(first)).rejects.toThrow();
  await report(second);
  expect([comments(first).length, comments(second).length]).toEqual([0, 1]);
});

test("where an answer is lost the comment is not written again, here or on another pull request", async () => {
  const [first, second] = [await review(), await review()];
  const write: ReportContext["claim"]["write"] = async (work) => {
    await work();
    throw new Error("the worker died");
  };
  const died = { ...first, claim: { write } };
  await expect(report(died)).rejects.toThrow("the worker died");
  await report(second);
  await report(first);
  await report(first);
  await report(second);
  expect([comments(first).length, comments(second).length]).toEqual([1, 0]);
});

test("a comment that GitHub wrote and did not confirm is found", async () => {
  const context = await review();
  refuseComments(502, "after");
  await report(context);
  expect(comments(context)).toHaveLength(1);
});

test("a pull request that was given up holds up the others for five minutes", async () => {
  const [first, second] = [await review(), await review()];
  const died = { ...first, claim: { write: () => Promise.reject(new Error("the worker died")) } };
  await expect(report(died)).rejects.toThrow("the worker died");
  await report(second);
  expect(comments(second)).toEqual([]);
  await sql`update config_reports set claimed_at = claimed_at - interval '5 minutes'`.execute(database.db);
  await report(second);
  expect(comments(second)).toHaveLength(1);
});

test("what a message quotes is shown, and does nothing", () => {
  const { problems } = parseRepositoryConfig("'<img src=x> @octocat': 1\n");
  expect(describeMistakes(problems, "https://github.com/o/r")).toContain("`<img src=x> @octocat`");
  const [unresolved] = parseRepositoryConfig("status: !<@octocat> 1\n").problems;
  const text = describeMistakes(unresolved === undefined ? [] : [unresolved], "https://github.com/o/r");
  expect(text).not.toMatch(/[^`\u200B]@octocat/);
});
