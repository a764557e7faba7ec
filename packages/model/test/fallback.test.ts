import type { ModelAnswer } from "@nectr/review";
import { describe, expect, test } from "vitest";
import { createReviewModel, ModelError, type ModelRequest } from "../src/index.ts";
import { type ScriptedAnswer, scriptedUsage, startScriptedModel } from "../src/testing.ts";
import { startScriptedAnthropic, type Turn } from "./scripted-anthropic.ts";

const review: ModelAnswer = { summary: "Sound.", findings: [] };
const question = { kind: "review" as const, instructions: "Review.", prompt: "+ pay()" };
const gone: ScriptedAnswer = { status: 503, message: "upstream is gone", headers: { "retry-after-ms": "1" } };
const refused: ScriptedAnswer = { status: 401, message: "no such key" };
const long: ScriptedAnswer = { status: 400, message: "maximum context length is 8192 tokens" };
const nonsense: ScriptedAnswer = { text: "I like it!" };
const limited = (seconds: number): ScriptedAnswer => ({
  status: 429,
  headers: { "retry-after": String(seconds) },
});
type Prices = readonly ({ input: number; output: number } | undefined)[];

/** Asks models of one server, each of which does one thing for ever. @returns also which were asked, in order. */
async function ask(
  behaviour: Readonly<Record<string, ScriptedAnswer>>,
  { prices, ...more }: Partial<ModelRequest<"review">> & { readonly prices?: Prices } = {},
) {
  await using server = await startScriptedModel(({ body }) => behaviour[body.model] ?? { hang: true });
  const model = createReviewModel({
    openai: { baseUrl: server.baseUrl, models: Object.keys(behaviour) },
    ...(prices && { prices }),
  });
  const outcome = await model?.ask({ ...question, ...more }).catch((error: unknown) => error);
  const asked = server.requests.map(({ body }) => body.model);
  return { outcome, asked: asked.filter((name, index) => asked[index - 1] !== name) };
}

async function failure(...args: Parameters<typeof ask>): Promise<ModelError> {
  const { outcome } = await ask(...args);
  if (outcome instanceof ModelError) return outcome;
  throw new Error("A ModelError was expected", { cause: outcome });
}

describe("where one model has no answer, the next is asked, and the answer says which it was:", () => {
  test.each([
    ["it is away", gone],
    ["it is limited for an hour", limited(3_600)],
    ["its key is refused", refused],
    ["the prompt is too long for it", long],
    ["it writes what cannot be used", nonsense],
  ])("%s", async (_, behaviour) => {
    const { outcome, asked } = await ask({ first: behaviour, second: review });
    expect(outcome).toMatchObject({ answer: review, model: "second" });
    expect(asked).toEqual(["first", "second"]);
  });
});

test("the models are asked in the order in which they are configured, Anthropic's first", async () => {
  const overloaded: Turn = { status: 529, headers: { "retry-after-ms": "1" } };
  await using anthropic = await startScriptedAnthropic(({ model }) =>
    model === "claude-sonnet-5-5" ? overloaded : { status: 404 },
  );
  await using openai = await startScriptedModel([review]);
  const model = createReviewModel({
    anthropic: {
      apiKey: "key",
      models: ["claude-sonnet-5-5", "claude-haiku-4-5"],
      baseUrl: anthropic.baseUrl,
    },
    openai: { baseUrl: openai.baseUrl, models: ["qwen3-coder"] },
  });
  expect(model?.name).toBe("claude-sonnet-5-5");
  expect(await model?.ask(question)).toMatchObject({ answer: review, model: "qwen3-coder" });
  const names = anthropic.requests.map(({ body }) => body.model);
  expect([...new Set(names)]).toEqual(["claude-sonnet-5-5", "claude-haiku-4-5"]);
  expect(openai.requests).toHaveLength(1);
});

test("the next question goes to the first model again", async () => {
  let away = true;
  await using server = await startScriptedModel(({ body }) =>
    body.model === "first" && away ? refused : review,
  );
  const model = createReviewModel({ openai: { baseUrl: server.baseUrl, models: ["first", "second"] } });
  await model?.ask(question);
  away = false;
  expect(await model?.ask(question)).toMatchObject({ model: "first" });
});

describe("what is paid", () => {
  const behaviour = { first: nonsense, second: review };

  test("for the models without an answer is part of the sum", async () => {
    const { outcome } = await ask(behaviour, {
      prices: [
        { input: 1, output: 0 },
        { input: 10, output: 0 },
      ],
    });
    // Three tries of the first, one of the second.
    const inputTokens = 4 * scriptedUsage.inputTokens;
    const costUsd = ((3 * 1 + 10) * scriptedUsage.inputTokens) / 1_000_000;
    expect(outcome).toMatchObject({ steps: 4, usage: { inputTokens, costUsd: expect.closeTo(costUsd, 9) } });
  });

  test("has no sum where one of the prices is not known", async () => {
    const { outcome } = await ask(behaviour, { prices: [undefined, { input: 10, output: 0 }] });
    expect(outcome).toMatchObject({ usage: { costUsd: undefined } });
  });

  test("is told where all fail", async () => {
    const error = await failure({ first: nonsense, second: nonsense });
    expect(error.usage).toMatchObject({ inputTokens: 6 * scriptedUsage.inputTokens });
  });

  test("does not exceed what is allowed by a dearer model: it is not asked", async () => {
    const prompt = "+ pay()\n".repeat(2_000);
    const prices = [
      { input: 1, output: 0 },
      { input: 1_000, output: 0 },
    ];
    const behaviours = { first: refused, second: review };
    const bounded = await ask(behaviours, { prompt, prices, maxCostUsd: 1 });
    expect(bounded.asked).toEqual(["first"]);
    expect(bounded.outcome).toMatchObject({ kind: "rejected" });
    expect((await ask(behaviours, { prompt, prices, maxCostUsd: 100 })).asked).toEqual(["first", "second"]);
  });
});

describe("where no model answers", () => {
  test("the last one's reason is told, and the message names them all", async () => {
    const error = await failure({ first: nonsense, second: refused });
    expect(error).toMatchObject({ kind: "rejected", status: 401 });
    expect(error.message).toMatch(
      /first gave no usable answer.*; second answered with status 401: no such key/,
    );
    expect(await failure({ first: refused, second: nonsense })).toMatchObject({ kind: "unusable-answer" });
  });

  test.each([
    { first: gone, second: refused },
    { first: refused, second: gone },
    { first: nonsense, second: gone, third: long },
  ])("and one of them is only away, the question waits", async (behaviour) => {
    expect(await failure(behaviour)).toMatchObject({ kind: "unavailable", status: 503 });
  });

  test("it waits for the one that is back first", async () => {
    const error = await failure({ first: limited(3_600), second: limited(90), third: limited(120) });
    expect(error).toMatchObject({ kind: "unavailable", retryAfterMs: 90_000 });
  });
});

test("a question that is aborted goes to no other model", async () => {
  const controller = new AbortController();
  await using server = await startScriptedModel(() => {
    setImmediate(() => controller.abort());
    return { hang: true };
  });
  const model = createReviewModel({ openai: { baseUrl: server.baseUrl, models: ["first", "second"] } });
  await expect(model?.ask({ ...question, signal: controller.signal })).rejects.toMatchObject({
    kind: "aborted",
  });
  expect(server.requests).toHaveLength(1);
});

test("a question that a tool interrupts goes to no other model", async () => {
  const { asked } = await ask(
    { first: { readFile: "a.ts" }, second: review },
    { tools: { readFile: () => Promise.reject(new Error("limited")) }, interrupts: () => true },
  );
  expect(asked).toEqual(["first"]);
});
