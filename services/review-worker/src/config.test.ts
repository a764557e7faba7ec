import { generateFernetKey } from "@nectr/crypto";
import { describe, expect, test } from "vitest";
import { readConfig } from "./config.ts";

const good = { DATABASE_URL: "postgres://nectr@localhost:5432/nectr", SECRET_KEY: generateFernetKey() };
const unlisted = { ...good, OPENAI_BASE_URL: "http://localhost:11434/v1", OPENAI_MODEL: "qwen3-coder" };

describe("a budget", () => {
  test("is unbounded where nothing is set", () => {
    expect(Object.values(readConfig(unlisted).budgets).every((usd) => usd === undefined)).toBe(true);
  });

  test("holds for a model in the price list", () => {
    const environment = { ...good, ANTHROPIC_API_KEY: "key", MODEL_BUDGET_PER_PULL_REQUEST: "0.50" };
    expect(readConfig(environment).budgets.pullRequestUsd).toBe(0.5);
  });

  test.each(["MODEL_BUDGET_PER_PULL_REQUEST", "MODEL_BUDGET_PER_REPOSITORY", "MODEL_BUDGET_PER_MONTH"])(
    "%s is not passed over where nobody knows the model's price: the worker says what to set",
    (name) => {
      expect(() => readConfig({ ...unlisted, [name]: "5" })).toThrow(
        `MODEL_PRICE is not set, but ${name} is, and the price of the configured model is not known. Set it to US ` +
          "dollars for a million tokens of input and of output, such as 2/10 (for several models: in their order, separated " +
          "by commas), or to 0/0 where it costs nothing",
      );
      expect(readConfig({ ...unlisted, [name]: "5", MODEL_PRICE: "2/10" }).model.prices).toEqual([
        { input: 2, output: 10 },
      ]);
      expect(() => readConfig({ ...unlisted, [name]: "5", MODEL_PRICE: "0/0" })).not.toThrow();
      // Without a model there is nothing to be spent.
      expect(() => readConfig({ ...good, [name]: "5" })).not.toThrow();
    },
  );

  test.each(["0", "-5", "$5", "5 dollars", "5e3", "1,50", "Infinity"])("of %s is refused", (usd) => {
    expect(() => readConfig({ ...unlisted, MODEL_PRICE: "2/10", MODEL_BUDGET_PER_MONTH: usd })).toThrow(
      "MODEL_BUDGET_PER_MONTH cannot be used. Set it to an amount of US dollars above 0, such as 5 or 0.50",
    );
  });
});

test.each(["2", "2/", "/10", "2/10/3", "$2/$10", "2 / 10", "a/b"])("a price of %s is refused", (price) => {
  expect(() => readConfig({ ...unlisted, MODEL_PRICE: price })).toThrow(
    "MODEL_PRICE cannot be used. Set it to US dollars for a million tokens of input and of output, such as 2/10",
  );
});

describe("several models", () => {
  const both = {
    ...unlisted,
    ANTHROPIC_API_KEY: "key",
    ANTHROPIC_MODEL: "claude-opus-5-5, claude-haiku-4-5",
  };

  test("are named in their order, separated by commas", () => {
    const { model } = readConfig({ ...both, OPENAI_MODEL: "qwen3-coder,gemma3" });
    expect(model.anthropic?.models).toEqual(["claude-opus-5-5", "claude-haiku-4-5"]);
    expect(model.openai?.models).toEqual(["qwen3-coder", "gemma3"]);
  });

  test("have their prices in the same order, and list prices between", () => {
    const { model } = readConfig({ ...both, MODEL_PRICE: "2/10, ,0/0" });
    expect(model.prices).toEqual([{ input: 2, output: 10 }, undefined, { input: 0, output: 0 }]);
  });

  test("must each have a price where there is a budget", () => {
    const budget = { MODEL_BUDGET_PER_MONTH: "5" };
    expect(() => readConfig({ ...both, ...budget })).toThrow(
      "MODEL_PRICE is not set, but MODEL_BUDGET_PER_MONTH is, and the price of configured model 3 is not known.",
    );
    expect(() => readConfig({ ...both, ...budget, MODEL_PRICE: "2/10" })).toThrow(
      "MODEL_PRICE leaves one out, but MODEL_BUDGET_PER_MONTH is set, and the price of configured model 3 is not known.",
    );
    expect(() => readConfig({ ...both, ...budget, MODEL_PRICE: ",,0/0" })).not.toThrow();
  });

  test("cannot have more prices than there are models: nobody could tell which is whose", () => {
    expect(() => readConfig({ ...both, MODEL_PRICE: "1/1,1/1,1/1,1/1" })).toThrow(
      "MODEL_PRICE has 4 prices, but only 3 models are configured",
    );
    expect(() => readConfig({ ...unlisted, MODEL_PRICE: "1/1,1/1" })).toThrow(
      "MODEL_PRICE has 2 prices, but only one model is configured",
    );
  });

  test.each([",", "a,,b", "a,"])("of %j are refused", (names) => {
    expect(() => readConfig({ ...unlisted, OPENAI_MODEL: names })).toThrow(
      "OPENAI_MODEL cannot be used. Set it to a model's name, or several",
    );
  });
});
