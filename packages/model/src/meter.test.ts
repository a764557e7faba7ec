import { expect, test } from "vitest";
import { createMeter } from "./meter.ts";
import { plainPrice } from "./prices.ts";

const unknown = { total: undefined, cacheRead: undefined, cacheWrite: undefined };

test("a server that reports no tokens has them counted: a budget must not stay whole", () => {
  const meter = createMeter(plainPrice({ input: 1, output: 1 }));
  const prompt = [{ role: "user", content: "Review the diff. ".repeat(500) }];
  meter.add({ inputTokens: unknown, outputTokens: unknown }, { prompt, answer: [{ text: "Sound." }] });
  expect(meter.usage().inputTokens).toBeGreaterThan(1_500);
  expect(meter.usage().outputTokens).toBeGreaterThan(0);
  expect(meter.usage().costUsd).toBeGreaterThan(0);
});

test("without a price nothing is said of the cost, and nothing is held back", () => {
  const meter = createMeter(undefined);
  const inputTokens = { total: 1_000_000, cacheRead: 0, cacheWrite: 0 };
  meter.add({ inputTokens, outputTokens: { total: 1 } }, { prompt: "", answer: "" });
  expect(meter.usage().costUsd).toBeUndefined();
  expect(meter.allowsTwoMore(0)).toBe(true);
});
