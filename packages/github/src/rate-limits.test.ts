import { expect, test } from "vitest";
import { GitHubRateLimited } from "./errors.ts";
import { createRateLimits, limitOf, type Refusal } from "./rate-limits.ts";

const secondary: Refusal = {
  status: 403,
  headers: {},
  messages: ["You have exceeded a secondary rate limit"],
};

test("a missing permission is no limit, even with a quota that is not used up", () => {
  const messages = ["Resource not accessible by personal access token"];
  expect(limitOf({ status: 403, headers: { "x-ratelimit-remaining": "4999" }, messages })).toBeUndefined();
  expect(limitOf({ status: 422, headers: { "x-ratelimit-remaining": "0" }, messages })).toBeUndefined();
  expect(limitOf({ status: 404, headers: { "x-ratelimit-remaining": "0" }, messages })).toBeUndefined();
});

test("a 429 is one, whatever it says", () => {
  expect(limitOf({ status: 429, headers: {}, messages: ["Too many requests"] })).toBe("secondary");
});

test("pauses grow while the limit strikes, up to a quarter of an hour, and begin anew after a success", () => {
  let now = 1_000_000;
  const limits = createRateLimits(() => now);
  const pauses = Array.from({ length: 6 }, () => {
    const retryAt = limits.strike("secondary", secondary).getTime();
    const pause = (retryAt - now) / 1000;
    expect(() => limits.check()).toThrow(GitHubRateLimited);
    now = retryAt;
    expect(() => limits.check()).not.toThrow();
    return pause;
  });
  expect(pauses).toEqual([60, 120, 240, 480, 900, 900]);
  limits.clear();
  expect(limits.strike("secondary", secondary).getTime() - now).toBe(60_000);
});

test("Retry-After goes before the reset, and a reset counts only where the quota is used up", () => {
  const limits = createRateLimits(() => 1_000_000);
  const pause = (headers: Refusal["headers"]) =>
    limits.strike("secondary", { ...secondary, headers }).getTime() - 1_000_000;
  expect(pause({ "retry-after": "7", "x-ratelimit-remaining": "0", "x-ratelimit-reset": "1100" })).toBe(7000);
  expect(pause({ "x-ratelimit-remaining": "0", "x-ratelimit-reset": "1100" })).toBe(101_000);
  limits.clear();
  expect(pause({ "x-ratelimit-remaining": "10", "x-ratelimit-reset": "1100" })).toBe(60_000);
});
