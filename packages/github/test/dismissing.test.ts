import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createSimulator, type Simulator } from "@nectr/github-simulator";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createGitHubClient, dismissVerdicts, type GitHubClient } from "../src/index.ts";
import { createReview } from "../src/reviews.ts";

const shop = { owner: "octocat", name: "shop" };
const markerStart = "<!-- nectr:review 1/2/";
const number = 1;

let simulator: Simulator;
let dataDir: string;
let octocat: GitHubClient;
let mona: GitHubClient;
let viewerId: number;
let commitId: string;

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "nectr-dismissing-"));
  simulator = await createSimulator({ dataDir, checkResponses: true });
  const clientOf = async (login: string) => {
    const { id, token } = await simulator.createUser({ login });
    const options = { apiUrl: simulator.url, token, userId: login, pace: "none" } as const;
    return { id, client: createGitHubClient(options) };
  };
  ({ client: octocat, id: viewerId } = await clientOf("octocat"));
  ({ client: mona } = await clientOf("mona"));
  await clientOf("hubot");
  await simulator.createRepository({ ...shop, members: { mona: "read", hubot: "write" } });
  const commit = { repository: "octocat/shop", message: "Change", author: "hubot" };
  await simulator.commit({ ...commit, branch: "main", files: { "a.txt": "a\n" } });
  commitId = await simulator.commit({ ...commit, branch: "b", from: "main", files: { "a.txt": "b\n" } });
  await simulator.openPullRequest({
    repository: "octocat/shop",
    head: "b",
    title: "Change",
    author: "hubot",
  });
});
afterEach(async () => {
  expect(simulator.violations()).toEqual([]);
  await simulator.close();
  await rm(dataDir, { recursive: true });
});

const review = (client: GitHubClient, event: "APPROVE" | "REQUEST_CHANGES", body: string) =>
  createReview(client, shop, number, { commitId, body, event, comments: [] });
const dismiss = (client = octocat, id = viewerId, verdict?: "APPROVE" | "REQUEST_CHANGES") =>
  dismissVerdicts(client, shop, number, { markerStart, viewerId: id, verdict, message: "Not so any more" });
const states = () => simulator.reviews("octocat/shop", number).map(({ state }) => state);

test("our verdicts lose their force; a person's own words and other people's reviews keep theirs", async () => {
  await review(octocat, "REQUEST_CHANGES", `One ${markerStart}abc/0 -->`);
  await review(octocat, "APPROVE", "I have read it myself");
  await review(mona, "APPROVE", `Copied ${markerStart}abc/0 -->`);
  await review(octocat, "APPROVE", `None ${markerStart}def/0 -->`);
  expect(await dismiss()).toEqual([]);
  expect(states()).toEqual(["DISMISSED", "APPROVED", "APPROVED", "DISMISSED"]);
  expect(await dismiss()).toEqual([]);
});

test("a verdict that still holds stays", async () => {
  await review(octocat, "REQUEST_CHANGES", `One ${markerStart}abc/0 -->`);
  await review(octocat, "APPROVE", `None ${markerStart}def/0 -->`);
  await dismiss(octocat, viewerId, "REQUEST_CHANGES");
  expect(states()).toEqual(["CHANGES_REQUESTED", "DISMISSED"]);
});

test("one that somebody dismissed at the same moment is no trouble", async () => {
  await review(octocat, "APPROVE", `None ${markerStart}def/0 -->`);
  simulator.faults.add({
    method: "PUT",
    effect: {
      kind: "status",
      status: 422,
      when: "after",
      body: { message: "Validation Failed", errors: ["Can not dismiss a dismissed pull request review"] },
    },
  });
  expect(await dismiss()).toEqual([]);
});

test("who may not dismiss is told which verdict stays", async () => {
  const { id, author } = await review(mona, "APPROVE", `None ${markerStart}def/0 -->`);
  expect(await dismiss(mona, author.id)).toMatchObject([{ review: { id }, error: { kind: "forbidden" } }]);
  expect(states()).toEqual(["APPROVED"]);
});
