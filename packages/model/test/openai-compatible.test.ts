import { randomBytes } from "node:crypto";
import type { ModelAnswer } from "@nectr/review";
import { describe, expect, test } from "vitest";
import { createReviewModel, ModelError, type ReviewModel } from "../src/index.ts";
import {
  type ScriptedAnswer,
  type ScriptedModel,
  scriptedUsage,
  startScriptedModel,
} from "../src/testing.ts";

const apiKey = `sk-${randomBytes(24).toString("hex")}`;
const review: ModelAnswer = {
  summary: "Adds a discount. One defect.",
  findings: [
    {
      path: "src/cart.ts",
      startLine: 4,
      endLine: 4,
      severity: "moderate",
      category: "correctness",
      title: "The discount is applied twice",
      body: "Both `total` and `pay` subtract it.",
      suggestion: null,
      side: "new" as const,
      quote: "",
      confidence: "high",
    },
  ],
};
const question = { kind: "review" as const, instructions: "Review the diff.", prompt: "+ total - discount" };
/** Retries are waited for as the server says, so that a test takes no seconds. */
const soon = { "retry-after-ms": "1" };

function modelAt(server: ScriptedModel, price?: { input: number; output: number }): ReviewModel {
  const model = createReviewModel({
    openai: { apiKey, baseUrl: server.baseUrl, models: ["qwen3-coder"] },
    ...(price && { prices: [price] }),
  });
  if (model === undefined) throw new Error("A model is configured");
  return model;
}

async function failure(answers: readonly ScriptedAnswer[], signal?: AbortSignal): Promise<ModelError> {
  await using server = await startScriptedModel(answers);
  const error: unknown = await modelAt(server)
    .ask({ ...question, ...(signal === undefined ? {} : { signal }) })
    .catch((thrown: unknown) => thrown);
  if (!(error instanceof ModelError)) throw new Error("A ModelError was expected", { cause: error });
  return error;
}

test("requests the schema and gives the review with its usage", async () => {
  await using server = await startScriptedModel([review]);
  const response = await modelAt(server).ask(question);
  expect(response).toEqual({
    answer: review,
    usage: { ...scriptedUsage, costUsd: undefined },
    model: "qwen3-coder",
    steps: 1,
    trace: [],
  });
  const [request] = server.requests;
  expect(request?.authorization).toBe(`Bearer ${apiKey}`);
  expect(request?.body.messages.map(({ role }) => role)).toEqual(["system", "user"]);
  expect(request?.body.tools).toBeUndefined();
  expect(request?.body.response_format).toMatchObject({
    type: "json_schema",
    json_schema: {
      name: "review",
      strict: true,
      schema: { type: "object", required: ["summary", "findings"], additionalProperties: false },
    },
  });
});

test("sends no authorization where there is no key", async () => {
  await using server = await startScriptedModel([review]);
  await createReviewModel({ openai: { baseUrl: server.baseUrl, models: ["local"] } })?.ask(question);
  expect(server.requests[0]?.authorization).toBeUndefined();
});

test("takes JSON out of a Markdown fence", async () => {
  await using server = await startScriptedModel([{ text: `\`\`\`json\n${JSON.stringify(review)}\n\`\`\`` }]);
  expect((await modelAt(server).ask(question)).answer).toEqual(review);
});

test("asks once more, with the problem named, when the answer has not the schema", async () => {
  const wrong = JSON.stringify({ ...review, findings: "none" });
  await using server = await startScriptedModel([{ text: wrong }, review]);
  const response = await modelAt(server).ask(question);
  expect(response.answer).toEqual(review);
  expect(response.steps).toBe(2);
  expect(response.usage.outputTokens).toBe(2 * scriptedUsage.outputTokens);
  const [, , written, complaint] = server.requests[1]?.body.messages ?? [];
  expect(written).toMatchObject({ role: "assistant", content: wrong });
  expect(complaint?.role).toBe("user");
  expect(complaint?.content).toContain("findings");
});

test("gives up on a model that writes no review, in whatever form it is asked", async () => {
  const error = await failure([{ text: "I like it!" }, { text: "Still fine." }, { text: "Nice." }, review]);
  expect(error.kind).toBe("unusable-answer");
});

test.each([429, 500, 503])("asks again after %d, and answers", async (status) => {
  await using server = await startScriptedModel([
    { status, headers: soon },
    { status, headers: soon },
    review,
  ]);
  expect((await modelAt(server).ask(question)).answer).toEqual(review);
  expect(server.requests).toHaveLength(3);
});

test("is unavailable when the server goes on failing", async () => {
  const error = await failure(Array.from({ length: 9 }, () => ({ status: 503, headers: soon })));
  expect(error).toMatchObject({ kind: "unavailable", status: 503 });
});

test.each([400, 401, 403, 404, 413])("is rejected by %d, without a second try", async (status) => {
  await using server = await startScriptedModel([{ status, message: "no" }, review]);
  await expect(modelAt(server).ask(question)).rejects.toMatchObject({ kind: "rejected", status });
  expect(server.requests).toHaveLength(1);
});

test("shows its key in no error, even when the server repeats it", async () => {
  for (const status of [401, 400, 503]) {
    const refusals = Array.from({ length: 5 }, () => ({
      status,
      headers: soon,
      message: `bad key ${apiKey}`,
    }));
    const error = await failure(refusals);
    expect(error.message).toContain("bad key [secret]");
    const everything = `${error.stack} ${JSON.stringify(error, Object.getOwnPropertyNames(error))}`;
    expect(everything).not.toContain(apiKey);
    expect(everything).not.toContain(question.prompt);
  }
});

test("waits no longer once it is aborted, for a server that never answers", async () => {
  const controller = new AbortController();
  await using server = await startScriptedModel(() => {
    setImmediate(() => controller.abort());
    return { hang: true };
  });
  await expect(modelAt(server).ask({ ...question, signal: controller.signal })).rejects.toMatchObject({
    kind: "aborted",
  });
});

describe("what is paid", () => {
  test("is told of a failed review, too: for the steps before", async () => {
    const down = { status: 503, headers: soon };
    const error = await failure([{ readFile: "a.ts" }, { readFile: "b.ts" }, down, down, down, down]);
    expect(error).toMatchObject({
      kind: "unavailable",
      usage: { inputTokens: 2 * scriptedUsage.inputTokens },
    });
  });

  test("is told of answers that cannot be used", async () => {
    const error = await failure([{ text: "I like it!" }, { text: "Still fine." }, { text: "Nice." }]);
    expect(error.usage).toMatchObject({ outputTokens: 3 * scriptedUsage.outputTokens });
  });

  test("is told where the review is aborted while a tool runs", async () => {
    const controller = new AbortController();
    await using server = await startScriptedModel([{ readFile: "a.ts" }]);
    const readFile = () =>
      new Promise<undefined>((resolve) => {
        controller.signal.addEventListener("abort", () => resolve(undefined));
        controller.abort();
      });
    await expect(
      modelAt(server).ask({ ...question, tools: { readFile }, signal: controller.signal }),
    ).rejects.toMatchObject({ kind: "aborted", usage: { inputTokens: scriptedUsage.inputTokens } });
  });

  test("has a price where the operator names one", async () => {
    await using server = await startScriptedModel([review], {
      inputTokens: 1_000_000,
      cachedInputTokens: 0,
      outputTokens: 100_000,
    });
    const response = await modelAt(server, { input: 2, output: 10 }).ask(question);
    expect(response.usage.costUsd).toBe(3);
  });

  test("ends the reading of files before it exceeds what is allowed: then the model answers", async () => {
    const usage = { inputTokens: 1_000_000, cachedInputTokens: 0, outputTokens: 0 };
    await using server = await startScriptedModel(
      ({ body }) => (body.tool_choice === "none" ? review : { readFile: "a.ts" }),
      usage,
    );
    const response = await modelAt(server, { input: 1, output: 1 }).ask({
      ...question,
      tools: { readFile: async () => "text" },
      maxCostUsd: 4,
    });
    expect(response.answer).toEqual(review);
    expect(response.usage.costUsd).toBe(4);
  });
});

test("a longer Retry-After than a minute is handed on at once, and not overlooked", async () => {
  await using server = await startScriptedModel([{ status: 429, headers: { "retry-after": "90" } }, review]);
  await expect(modelAt(server).ask(question)).rejects.toMatchObject({
    kind: "unavailable",
    status: 429,
    retryAfterMs: 90_000,
  });
  expect(server.requests).toHaveLength(1);
});
