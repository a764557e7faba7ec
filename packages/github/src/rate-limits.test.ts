import { expect, test } from "vitest";
import { limitOf, pauseAsked } from "./rate-limits.ts";

const answer = (status: number, headers: Record<string, string>, messages: readonly string[]) => ({
  status,
  headers: new Headers(headers),
  messages,
});

test("a missing permission is no limit, even with a quota that is not used up", () => {
  const messages = ["Resource not accessible by personal access token"];
  expect(limitOf(answer(403, { "x-ratelimit-remaining": "4999" }, messages))).toBeUndefined();
  expect(limitOf(answer(422, { "x-ratelimit-remaining": "0" }, messages))).toBeUndefined();
  expect(limitOf(answer(404, { "x-ratelimit-remaining": "0" }, messages))).toBeUndefined();
});

test("a 429 is one, whatever it says", () => {
  expect(limitOf(answer(429, {}, ["Too many requests"]))).toBe("secondary");
});

test("Retry-After goes before the reset, and a reset counts only where the quota is used up", () => {
  const pause = (headers: Record<string, string>, limited = true) =>
    pauseAsked(new Headers(headers), limited, 1_000_000);
  const reset = { "x-ratelimit-reset": "1100" };
  expect(pause({ ...reset, "retry-after": "7", "x-ratelimit-remaining": "0" })).toBe(7000);
  expect(pause({ ...reset, "x-ratelimit-remaining": "0" })).toBe(101_000);
  expect(pause({ ...reset, "x-ratelimit-remaining": "10" })).toBeUndefined();
});

test("the answer that takes the last of the quota asks for the pause, and one in an outage does not", () => {
  const last = { "x-ratelimit-remaining": "0", "x-ratelimit-reset": "1100" };
  expect(pauseAsked(new Headers(last), false, 1_000_000)).toBe(101_000);
  expect(pauseAsked(new Headers({ "retry-after": "7" }), false, 1_000_000)).toBeUndefined();
});
