import { expect, test } from "vitest";
import { costUsd } from "./prices.ts";

const million = 1_000_000;

test("prices fresh, cached and written input and output each at its own rate", () => {
  const tokens = {
    inputTokens: 3 * million,
    cachedInputTokens: million,
    cacheWriteTokens: million,
    outputTokens: million,
  };
  expect(costUsd("claude-sonnet-4-6", tokens)).toBeCloseTo(3 + 0.3 + 3.75 + 15);
});

test("tells models apart whose names begin alike, and takes a dated name for its model", () => {
  const tokens = { inputTokens: million, cachedInputTokens: 0, cacheWriteTokens: 0, outputTokens: 0 };
  const cached = { ...tokens, cachedInputTokens: million };
  expect(costUsd("claude-opus-5-5", tokens)).toBe(4);
  expect(costUsd("claude-opus-5", tokens)).toBe(5);
  expect(costUsd("claude-haiku-4-5-20251001", tokens)).toBe(1);
  expect(costUsd("claude-fable-5-1", cached)).toBe(0.25);
  expect(costUsd("claude-fable-5", cached)).toBe(1);
  expect(costUsd("claude-fable-5-20260609", cached)).toBe(1);
});

test("says nothing of a model that it does not know", () => {
  const tokens = { inputTokens: 1, cachedInputTokens: 0, cacheWriteTokens: 0, outputTokens: 1 };
  expect(costUsd("qwen3-coder:30b", tokens)).toBeUndefined();
  expect(costUsd("claude-haiku-5-5", tokens)).toBeUndefined();
  expect(costUsd("claude-sonnet-4-60", tokens)).toBeUndefined();
});
