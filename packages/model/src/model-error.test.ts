import { APICallError } from "ai";
import { expect, test } from "vitest";
import { retryAfterMs, toModelError } from "./model-error.ts";

const context = { model: "qwen3-coder", signal: undefined, secrets: ["k3y"] };

function callError(details: {
  statusCode?: number;
  responseBody?: string;
  responseHeaders?: Record<string, string>;
}): APICallError {
  return new APICallError({
    message: "refused for k3y",
    url: "http://model.test/v1",
    requestBodyValues: { prompt: "code" },
    ...details,
  });
}

const noCredit = '{"error":{"type":"insufficient_quota","code":"insufficient_quota"}}';

test.each([
  ["nothing listens", callError({}), "unavailable"],
  ["overloaded", callError({ statusCode: 529 }), "unavailable"],
  ["rate-limited", callError({ statusCode: 429 }), "unavailable"],
  ["an account without credit", callError({ statusCode: 429, responseBody: noCredit }), "rejected"],
  ["a bad key", callError({ statusCode: 401 }), "rejected"],
  ["no such model", callError({ statusCode: 404 }), "rejected"],
  ["nonsense with status 200", callError({ statusCode: 200 }), "unavailable"],
  ["too slow", new DOMException("The operation timed out", "TimeoutError"), "unavailable"],
])("%s", (_, error, kind) => {
  const translated = toModelError(error, context);
  expect(translated.kind).toBe(kind);
  expect(translated.message).not.toContain("k3y");
  expect(translated.cause).toBeUndefined();
});

test("is aborted once the caller's signal is, whatever the SDK says of it", () => {
  const error = toModelError(callError({ statusCode: 500 }), { ...context, signal: AbortSignal.abort() });
  expect(error.kind).toBe("aborted");
});

test.each([
  [{ "retry-after": "90" }, 90_000],
  [{ "retry-after-ms": "1500", "retry-after": "2" }, 1_500],
  [{ "retry-after": "soon" }, undefined],
  [{ "retry-after": "-5" }, undefined],
  [{ "retry-after": new Date(0).toUTCString() }, undefined],
  [{}, undefined],
])("of %j it knows how long to wait", (responseHeaders, ms) => {
  expect(retryAfterMs(callError({ statusCode: 429, responseHeaders }))).toBe(ms);
});

test("a time to wait until is a time from now", () => {
  const responseHeaders = { "retry-after": new Date(Date.now() + 100_000).toUTCString() };
  const ms = retryAfterMs(callError({ statusCode: 429, responseHeaders }));
  expect(ms).toBeGreaterThan(60_000);
  expect(ms).toBeLessThanOrEqual(100_000);
});
