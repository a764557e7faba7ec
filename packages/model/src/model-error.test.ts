import { APICallError } from "ai";
import { expect, test } from "vitest";
import { toModelError } from "./model-error.ts";

const context = { model: "qwen3-coder", signal: undefined, secrets: ["k3y"] };

function callError(details: { statusCode?: number; isRetryable?: boolean }): APICallError {
  return new APICallError({
    message: "refused for k3y",
    url: "http://model.test/v1",
    requestBodyValues: { prompt: "code" },
    ...details,
  });
}

test.each([
  ["nothing listens", callError({}), "unavailable"],
  ["overloaded", callError({ statusCode: 529 }), "unavailable"],
  ["rate-limited", callError({ statusCode: 429 }), "unavailable"],
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
