import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { createReviewModel, defaultAnthropicModel, ModelError, type ReviewModel } from "../src/index.ts";
import { type ScriptedAnthropic, startScriptedAnthropic } from "./scripted-anthropic.ts";

const apiKey = `key-${randomBytes(24).toString("hex")}`;
const review = { summary: "Sound.", findings: [] };
const question = { instructions: "Review the diff.", prompt: "+ total - discount" };

function modelAt(server: ScriptedAnthropic): ReviewModel {
  const model = createReviewModel({
    anthropic: { apiKey, model: defaultAnthropicModel, baseUrl: server.baseUrl },
    openai: { baseUrl: "http://127.0.0.1:9/v1", model: "not-asked" },
  });
  if (model === undefined) throw new Error("A model is configured");
  return model;
}

test("is preferred, requests the schema and the prompt's caching, and prices what it used", async () => {
  await using server = await startScriptedAnthropic([{ text: JSON.stringify(review) }]);
  const model = modelAt(server);
  const response = await model.review(question);
  expect(model.name).toBe(defaultAnthropicModel);
  expect(response).toMatchObject({ answer: review, model: `${defaultAnthropicModel}-20261001`, steps: 1 });
  expect(response.usage).toMatchObject({ inputTokens: 1_000, cachedInputTokens: 500, outputTokens: 100 });
  // 200 fresh at 2, 300 written at 2.5, 500 read at 0.1, 100 out at 10 dollars a million.
  expect(response.usage.costUsd).toBeCloseTo((200 * 2 + 300 * 2.5 + 500 * 0.1 + 100 * 10) / 1_000_000, 9);
  const [request] = server.requests;
  expect(request?.key).toBe(apiKey);
  expect(request?.body).toMatchObject({
    model: defaultAnthropicModel,
    cache_control: { type: "ephemeral" },
    output_config: { format: { type: "json_schema", schema: { required: ["summary", "findings"] } } },
  });
});

test("reads files through the tool loop", async () => {
  await using server = await startScriptedAnthropic([
    { tool: "readFile", input: { path: "src/cart.ts" } },
    { text: JSON.stringify(review) },
  ]);
  const response = await modelAt(server).review({
    ...question,
    tools: { readFile: async (path) => `text of ${path}` },
  });
  expect(response.steps).toBe(2);
  expect(JSON.stringify(server.requests[1]?.body.messages)).toContain("text of src/cart.ts");
});

test("shows its key in no error", async () => {
  await using server = await startScriptedAnthropic([{ status: 401 }]);
  const error: unknown = await modelAt(server)
    .review(question)
    .catch((thrown: unknown) => thrown);
  if (!(error instanceof ModelError)) throw new Error("A ModelError was expected", { cause: error });
  expect(error).toMatchObject({ kind: "rejected", status: 401 });
  expect(`${error.stack} ${JSON.stringify(error, Object.getOwnPropertyNames(error))}`).not.toContain(apiKey);
});

test("asks again when Anthropic is overloaded", async () => {
  await using server = await startScriptedAnthropic([
    { status: 529, headers: { "retry-after-ms": "1" } },
    { text: JSON.stringify(review) },
  ]);
  expect((await modelAt(server).review(question)).answer).toEqual(review);
});

test("is absent without a key", () => {
  expect(createReviewModel({})).toBeUndefined();
});
