import { expect, test } from "vitest";
import { costUsd, listPrice, plainPrice, type PricedTokens } from "./prices.ts";

const million = 1_000_000;

function listed(model: string, tokens: PricedTokens): number {
  const price = listPrice(model);
  if (price === undefined) throw new Error(`${model} has no price`);
  return costUsd(price, tokens);
}

test("prices fresh, cached and written input and output each at its own rate", () => {
  const tokens = {
    inputTokens: 3 * million,
    cachedInputTokens: million,
    cacheWriteTokens: million,
    outputTokens: million,
  };
  expect(listed("claude-sonnet-4-6", tokens)).toBeCloseTo(3 + 0.3 + 3.75 + 15);
});

test("tells models apart whose names begin alike, and takes a dated name for its model", () => {
  const tokens = { inputTokens: million, cachedInputTokens: 0, cacheWriteTokens: 0, outputTokens: 0 };
  const cached = { ...tokens, cachedInputTokens: million };
  expect(listed("claude-opus-5-5", tokens)).toBe(4);
  expect(listed("claude-opus-5", tokens)).toBe(5);
  expect(listed("claude-haiku-4-5-20251001", tokens)).toBe(1);
  expect(listed("claude-fable-5-1", cached)).toBe(0.25);
  expect(listed("claude-fable-5", cached)).toBe(1);
  expect(listed("claude-fable-5-20260609", cached)).toBe(1);
});

test("knows no price of a model that is not in the list", () => {
  for (const model of ["qwen3-coder:30b", "claude-haiku-5-5", "claude-sonnet-4-60"]) {
    expect(listPrice(model)).toBeUndefined();
  }
});

test("an operator's own price is never less for the cache than for what comes from it", () => {
  const tokens = {
    inputTokens: 3 * million,
    cachedInputTokens: million,
    cacheWriteTokens: million,
    outputTokens: million,
  };
  expect(costUsd(plainPrice({ input: 2, output: 10 }), tokens)).toBeCloseTo(2 + 2 + 2.5 + 10);
});
