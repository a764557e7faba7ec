import { createGitHubClient, getPullRequest, GitHubRateLimited } from "@nectr/github";
import type { Review } from "@nectr/review";
import { afterEach, beforeEach, expect, test } from "vitest";
import { claimPullRequest } from "../src/claim.ts";
import { savePullRequest } from "../src/pull-request-store.ts";
import { openReview } from "../src/review-store.ts";
import type { ReviewContext } from "../src/stages/review-context.ts";
import { announceReview, concludeReview, reportFailure } from "../src/stages/status.ts";
import { startWorker, type WorkerUnderTest } from "./worker-under-test.ts";

let worker: WorkerUnderTest;
let number: number;
let head: string;
let eventId: string;

beforeEach(async () => {
  worker = await startWorker();
  ({ number, head, eventId } = await worker.opened("export const a = 1;\n"));
});
afterEach(async () => {
  expect(worker.simulator.violations()).toEqual([]);
  await worker[Symbol.asyncDispose]();
});

const review = {
  verdict: "approve",
  doubts: [],
  findings: [],
  stillOpen: [],
  unchecked: [],
} as Partial<Review> as Review;

/** A review under way in the name of somebody. */
async function underWay(login: string): Promise<ReviewContext & { reviewId: string } & AsyncDisposable> {
  const { db, simulator, repository } = worker;
  const ref = { owner: "octocat", name: "shop" };
  const token = simulator.createToken(login);
  const client = createGitHubClient({ apiUrl: simulator.url, token, userId: login, pace: "none" });
  const pull = await getPullRequest(client, ref, number);
  await savePullRequest(db, pull);
  const claim = await claimPullRequest(
    db,
    { repositoryId: repository.id, number, headSha: head },
    {
      holder: "worker",
      leaseSeconds: 60,
      signal: new AbortController().signal,
      findMoved: async () => undefined,
      onError: (error) => expect(error).toBeUndefined(),
    },
  );
  if (claim === undefined) throw new Error("somebody else holds the pull request");
  const { id: reviewId } = await openReview(db, claim.grant, eventId);
  const account = { client, userId: 1, githubId: 1, refused: async () => {} };
  return {
    eventId,
    repository,
    ref,
    pull,
    account,
    claim,
    reviewId,
    [Symbol.asyncDispose]: () => claim[Symbol.asyncDispose](),
  };
}

/** What is to be seen on the head, the latest first. */
async function statuses(): Promise<unknown> {
  const { simulator, repository } = worker;
  const answer = await fetch(`${simulator.url}/repos/${repository.fullName}/commits/${head}/statuses`);
  return await answer.json();
}
const statusWrites = () => worker.simulator.writes().filter(({ path }) => path.includes("/statuses/")).length;

test("a review says that it is under way, once, and then what came of it", async () => {
  await using context = await underWay("octocat");
  expect(await announceReview(worker.deps, context, context.reviewId)).toEqual([]);
  expect(await announceReview(worker.deps, context, context.reviewId)).toEqual([]);
  expect(await statuses()).toMatchObject([
    { state: "pending", context: "nectr/review", target_url: context.pull.url },
  ]);
  await concludeReview(worker.deps, context, context.reviewId, { review, url: "https://example.org/1" });
  expect(await statuses()).toMatchObject([
    { state: "success", context: "nectr/review", target_url: "https://example.org/1" },
    { state: "pending" },
  ]);
  expect(statusWrites()).toBe(2);
});

test("a review that did not say so at its beginning says nothing at its end", async () => {
  await using context = await underWay("octocat");
  await concludeReview(worker.deps, context, context.reviewId, { review, url: "https://example.org/1" });
  expect(await statuses()).toEqual([]);
});

test("an account that may not set it is told of in the review, which goes on, and does not try again", async () => {
  await worker.simulator.createUser({ login: "reader" });
  await using context = await underWay("reader");
  const told = [expect.stringContaining("GitHub does not let this account set it")];
  expect(await announceReview(worker.deps, context, context.reviewId)).toEqual(told);
  expect(await announceReview(worker.deps, context, context.reviewId)).toEqual(told);
  await concludeReview(worker.deps, context, context.reviewId, { review, url: "https://example.org/1" });
  expect(statusWrites()).toBe(1);
});

test("a status that GitHub refuses at the end does not break the review", async () => {
  await using context = await underWay("octocat");
  await announceReview(worker.deps, context, context.reviewId);
  worker.simulator.faults.add({
    path: /\/statuses\//,
    effect: { kind: "status", status: 422, when: "before", body: { message: "Validation Failed" } },
  });
  await concludeReview(worker.deps, context, context.reviewId, { review, url: "https://example.org/1" });
  expect(await statuses()).toMatchObject([{ state: "pending" }]);
});

test("an outage of the statuses alone is told, and the review goes on", async () => {
  await using context = await underWay("octocat");
  worker.simulator.faults.add({
    path: /\/statuses\//,
    effect: { kind: "status", status: 502, when: "before" },
  });
  expect(await announceReview(worker.deps, context, context.reviewId)).toEqual([
    "the commit status `nectr/review`: GitHub does not take it",
  ]);
});

test("a limit is waited for, and the next attempt says it", async () => {
  await using context = await underWay("octocat");
  const effect = { kind: "primary-limit", resetInSeconds: 60 } as const;
  worker.simulator.faults.add({ path: /\/statuses\//, times: 1, effect });
  await expect(announceReview(worker.deps, context, context.reviewId)).rejects.toBeInstanceOf(
    GitHubRateLimited,
  );
  // Another attempt has a client of its own.
  const token = worker.simulator.createToken("octocat");
  const client = createGitHubClient({ apiUrl: worker.simulator.url, token, userId: "next", pace: "none" });
  const next = { ...context, account: { ...context.account, client } };
  expect(await announceReview(worker.deps, next, context.reviewId)).toEqual([]);
  expect(await statuses()).toMatchObject([{ state: "pending" }]);
});

test("a review that failed for good says so on its head, where it had said that it is under way", async () => {
  await reportFailure(worker.deps, eventId);
  expect(await statuses()).toEqual([]);
  {
    await using context = await underWay("octocat");
    await announceReview(worker.deps, context, context.reviewId);
  }
  await reportFailure(worker.deps, eventId);
  expect(await statuses()).toMatchObject([
    { state: "error", description: "The review failed; the next push is reviewed again" },
    { state: "pending" },
  ]);
});
