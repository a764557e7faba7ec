import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { createReviewModel, defaultAnthropicModel, ModelError, type ReviewModel } from "../src/index.ts";
import { type ScriptedAnthropic, startScriptedAnthropic } from "./scripted-anthropic.ts";

const apiKey = `key-${randomBytes(24).toString("hex")}`;
const review = { summary: "Sound.", findings: [] };
const question = { kind: "review" as const, instructions: "Review the diff.", prompt: "+ total - discount" };

function modelAt(server: ScriptedAnthropic): ReviewModel {
  const model = createReviewModel({
    anthropic: { apiKey, models: [defaultAnthropicModel], baseUrl: server.baseUrl },
  });
  if (model === undefined) throw new Error("A model is configured");
  return model;
}

test("requests the schema, and prices what it used", async () => {
  await using server = await startScriptedAnthropic([{ text: JSON.stringify(review) }]);
  const model = modelAt(server);
  const response = await model.ask(question);
  expect(model.name).toBe(defaultAnthropicModel);
  expect(response).toMatchObject({ answer: review, model: `${defaultAnthropicModel}-20261001`, steps: 1 });
  expect(response.usage).toMatchObject({ inputTokens: 1_000, cachedInputTokens: 500, outputTokens: 100 });
  // 200 fresh at 2, 300 written at 2.5, 500 read at 0.1, 100 out at 10 dollars a million.
  expect(response.usage.costUsd).toBeCloseTo((200 * 2 + 300 * 2.5 + 500 * 0.1 + 100 * 10) / 1_000_000, 9);
  const [request] = server.requests;
  expect(request?.key).toBe(apiKey);
  expect(request?.body).toMatchObject({
    model: defaultAnthropicModel,
    output_config: { format: { type: "json_schema", schema: { required: ["summary", "findings"] } } },
  });
});

test("reads files through the tool loop", async () => {
  await using server = await startScriptedAnthropic([
    { tool: "read_file", input: { path: "src/cart.ts" } },
    { text: JSON.stringify(review) },
  ]);
  const response = await modelAt(server).ask({
    ...question,
    tools: { readFile: async (path) => `text of ${path}` },
  });
  expect(response.steps).toBe(2);
  expect(JSON.stringify(server.requests[1]?.body.messages)).toContain("text of src/cart.ts");
});

test("shows its key in no error", async () => {
  await using server = await startScriptedAnthropic([{ status: 401 }]);
  const error: unknown = await modelAt(server)
    .ask(question)
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
  expect((await modelAt(server).ask(question)).answer).toEqual(review);
});

test("has checks by their own schema", async () => {
  const checks = { checks: [{ claim: 1, verdict: "confirmed", confidence: 90, reason: "It is so." }] };
  await using server = await startScriptedAnthropic([{ text: JSON.stringify(checks) }]);
  const response = await modelAt(server).ask({ ...question, kind: "checks" });
  expect(response.answer).toEqual(checks);
  expect(server.requests[0]?.body).toMatchObject({
    output_config: { format: { schema: { required: ["checks"] } } },
  });
});

test("is absent without a key", () => {
  expect(createReviewModel({})).toBeUndefined();
});
