import { ReconnectNeeded } from "@nectr/accounts";
import {
  GitHubForbidden,
  GitHubInvalid,
  GitHubNotFound,
  GitHubRateLimited,
  GitHubUnauthorized,
  GitHubUnavailable,
} from "@nectr/github";
import { expect, test } from "vitest";
import { ModelAway } from "../stages/model-away.ts";
import { explainFailure, explainWait, waitsForSignIn } from "./explain-failure.ts";

const secretive =
  'connect ECONNREFUSED postgres://nectr:hunter2@db.internal:5432 at /srv/nectr/claim.ts insert into "reviews"';

test.each([
  ["hidden", new GitHubNotFound(secretive), "Connect it as somebody who may read it"],
  ["refused", new GitHubForbidden(secretive), "Change that at GitHub"],
  ["a long outage", new GitHubUnavailable(secretive), "did not answer for too long"],
  ["a bad token", new GitHubUnauthorized(secretive), "Sign in again"],
  ["no token", new ReconnectNeeded(7), "Sign in again"],
])("%s: says what to do", (_name, error, words) => {
  expect(explainFailure(error, "e1")).toContain(words);
});

test.each([
  new Error(secretive),
  new GitHubInvalid(secretive),
  new TypeError(secretive, { cause: new Error(secretive) }),
  secretive,
])("of what nobody foresaw, it says where to look: %s", (error) => {
  expect(explainFailure(error, "0198c0de")).toBe(
    "An unexpected error ended this review. The worker's log has it under event 0198c0de.",
  );
});

test("no sentence holds the error's own message", () => {
  const known = [
    GitHubNotFound,
    GitHubForbidden,
    GitHubUnavailable,
    GitHubUnauthorized,
    GitHubInvalid,
    Error,
  ];
  for (const error of known.map((Kind) => new Kind(secretive))) {
    expect(explainFailure(error, "e1")).not.toMatch(/hunter2|internal|srv|insert/);
  }
  const retryAt = new Date("2026-03-01T14:05:59Z");
  expect(explainWait(new GitHubRateLimited(secretive, retryAt))).toBe(
    "GitHub's limit on requests was reached. The review goes on by itself at 14:05 UTC.",
  );
  expect(explainWait(new GitHubUnavailable(secretive))).toMatch(/^GitHub does not answer/);
  expect(explainWait(new GitHubUnauthorized(secretive))).toBe(waitsForSignIn);
  expect(explainWait(new ModelAway(15_000))).toMatch(/^The model does not answer\. It is asked again/);
});

test("who has to replace a token is named", () => {
  expect(explainWait(new ReconnectNeeded(7))).toBe(waitsForSignIn);
  expect(explainWait(new ReconnectNeeded(undefined))).toContain("GITHUB_PAT");
});
