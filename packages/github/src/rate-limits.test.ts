import { expect, test } from "vitest";
import { hasOwnAllowance, limitOf, pauseAsked } from "./rate-limits.ts";

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
  const pause = (headers: Record<string, string>) => pauseAsked(new Headers(headers), "secondary", 1_000_000);
  const reset = { "x-ratelimit-reset": "1100" };
  expect(pause({ ...reset, "retry-after": "7", "x-ratelimit-remaining": "0" })).toBe(7000);
  expect(pause({ ...reset, "x-ratelimit-remaining": "0" })).toBe(101_000);
  expect(pause({ ...reset, "x-ratelimit-remaining": "10" })).toBeUndefined();
});

test("the answer that takes the last of the quota asks for the pause, and one in an outage does not", () => {
  const last = { "x-ratelimit-remaining": "0", "x-ratelimit-reset": "1100" };
  expect(pauseAsked(new Headers(last), undefined, 1_000_000)).toBe(101_000);
  expect(pauseAsked(new Headers({ "retry-after": "7" }), undefined, 1_000_000)).toBeUndefined();
});

test("GraphQL tells of a limit in an answer with a good status, and by more than one name", () => {
  expect(limitOf(answer(200, {}, ["API rate limit already exceeded", "RATE_LIMIT"]))).toBe("primary");
  expect(limitOf(answer(200, {}, ["RATE_LIMITED"]))).toBe("primary");
  expect(limitOf(answer(200, {}, ["You have exceeded a secondary rate limit."]))).toBe("secondary");
  expect(limitOf(answer(200, {}, ["no file is called RATE_LIMITED", "NOT_FOUND"]))).toBeUndefined();
});

test("a limit without a word of what remains lasts until the reset", () => {
  const headers = new Headers({ "x-ratelimit-remaining": "4000", "x-ratelimit-reset": "1100" });
  expect(pauseAsked(headers, "primary", 1_000_000)).toBe(101_000);
});

test("GraphQL and the search of code have allowances of their own", () => {
  const own = (resource?: string) =>
    hasOwnAllowance(new Headers(resource === undefined ? {} : { "x-ratelimit-resource": resource }));
  expect([own("graphql"), own("code_search"), own("core"), own()]).toEqual([true, true, false, false]);
});
