import type { CheckAnswer, ModelAnswer } from "@nectr/review";
import { describe, expect, test } from "vitest";
import { createReviewModel, type ReviewModel } from "../src/index.ts";
import { type ScriptedAnswer, type ScriptedModel, startScriptedModel } from "../src/testing.ts";

const review: ModelAnswer = {
  summary: "One defect.",
  findings: [
    {
      path: "src/cart.ts",
      side: "new",
      startLine: 4,
      endLine: 6,
      quote: "pay(total)",
      severity: "moderate",
      category: "correctness",
      title: "Paid twice",
      body: "END\nof the loop.",
      suggestion: null,
      confidence: "high",
    },
  ],
};
const checks: CheckAnswer = {
  checks: [{ claim: 1, verdict: "rejected", confidence: 90, reason: "The loop ends before." }],
};
const question = { kind: "review" as const, instructions: "Review.", prompt: "+ pay()" };
const tools = { readFile: async () => "text" };

function modelAt({ baseUrl }: ScriptedModel): ReviewModel {
  const model = createReviewModel({ openai: { baseUrl, models: ["local"] } });
  if (model === undefined) throw new Error("A model is configured");
  return model;
}

const formOf = (server: ScriptedModel) =>
  server.requests.map(({ form, body }) => (body.tools === undefined ? form : `${form} and tools`));

describe("a server that refuses", () => {
  const refusal = (status: number, message: string): ScriptedAnswer => ({ status, message });

  test.each([
    refusal(400, "'response_format.type' must be 'text'"),
    refusal(400, "json_schema is not supported by this model"),
    refusal(422, "body.response_format: extra fields not permitted"),
    refusal(501, "Structured outputs are not implemented"),
    refusal(400, "Failed to parse grammar"),
  ])("the schema (%j) is asked in plain text, from then on at once", async (no) => {
    await using server = await startScriptedModel(({ form }) => (form === "schema" ? no : review));
    const model = modelAt(server);
    expect(await model.ask(question)).toMatchObject({ answer: review, steps: 1 });
    expect(await model.ask(question)).toMatchObject({ answer: review });
    expect(formOf(server)).toEqual(["schema", "text", "text"]);
  });

  test.each([
    refusal(400, "registry.ollama.ai/library/gemma:2b does not support tools"),
    refusal(404, "No endpoints found that support tool use"),
  ])("tools (%j) is asked without, and keeps the schema", async (no) => {
    await using server = await startScriptedModel(({ body }) => (body.tools === undefined ? review : no));
    const model = modelAt(server);
    expect(await model.ask({ ...question, tools })).toMatchObject({ answer: review });
    await model.ask({ ...question, tools });
    expect(formOf(server)).toEqual(["schema and tools", "schema", "schema"]);
  });

  test("both is asked for neither", async () => {
    await using server = await startScriptedModel(({ form, body }) => {
      if (form === "schema") return refusal(400, "unknown parameter: response_format");
      return body.tools === undefined ? review : refusal(400, "tools are not supported");
    });
    expect(await modelAt(server).ask({ ...question, tools })).toMatchObject({ answer: review });
    expect(formOf(server)).toEqual(["schema and tools", "text and tools", "text"]);
  });

  test("for another reason is not asked in another form", async () => {
    await using server = await startScriptedModel([refusal(400, "maximum context length exceeded"), review]);
    await expect(modelAt(server).ask({ ...question, tools })).rejects.toMatchObject({ kind: "rejected" });
    expect(server.requests).toHaveLength(1);
  });
});

describe("a model that", () => {
  const broken: ScriptedAnswer = { text: "Here is my review: all good!" };

  test("breaks the schema twice is asked in plain text, from then on at once", async () => {
    await using server = await startScriptedModel(({ form }) => (form === "schema" ? broken : review));
    const model = modelAt(server);
    expect(await model.ask(question)).toMatchObject({ answer: review, steps: 3 });
    expect(await model.ask(question)).toMatchObject({ answer: review, steps: 1 });
    expect(formOf(server)).toEqual(["schema", "schema", "text", "text"]);
  });

  test("answered by schema before is not asked in plain text: it can do that", async () => {
    await using server = await startScriptedModel([review, broken, broken, review]);
    const model = modelAt(server);
    await model.ask(question);
    await expect(model.ask(question)).rejects.toMatchObject({ kind: "unusable-answer" });
    expect(formOf(server)).toEqual(["schema", "schema", "schema"]);
  });

  test("fails in every form is asked by schema the next time: it was not the form", async () => {
    await using server = await startScriptedModel([broken, broken, broken, review]);
    const model = modelAt(server);
    await expect(model.ask(question)).rejects.toMatchObject({ kind: "unusable-answer" });
    await model.ask(question);
    expect(formOf(server)).toEqual(["schema", "schema", "text", "schema"]);
  });

  test("breaks the plain text is told what is wrong with it, once", async () => {
    let spoken = 0;
    await using server = await startScriptedModel(({ form }) => {
      if (form === "schema") return { status: 400, message: "response_format is not supported" };
      spoken += 1;
      return spoken === 1 ? { text: "SUMMARY\nGood.\nEND\n\nFINDING\npath: a.ts\nEND" } : review;
    });
    expect(await modelAt(server).ask(question)).toMatchObject({ answer: review, steps: 2 });
    const complaint = server.requests.at(-1)?.body.messages.at(-1);
    expect(complaint).toMatchObject({
      role: "user",
      content: expect.stringContaining("FINDING 1 cannot be read: lines"),
    });
  });
});

test("an answer that is cut off at the length limit is asked for once more, shorter, and in no other form", async () => {
  await using server = await startScriptedModel([{ cutOff: '{"summary":"One' }, { cutOff: "{" }, review]);
  await expect(modelAt(server).ask(question)).rejects.toMatchObject({ kind: "unusable-answer" });
  expect(formOf(server)).toEqual(["schema", "schema"]);
  expect(server.requests[1]?.body.messages.at(-1)?.content).toContain("be shorter");
});

test("a plain-text answer that is cut off does not pass for a whole one", async () => {
  const cut = { cutOff: "SUMMARY\nGood.\nEND\n\nNO FINDINGS" };
  await using server = await startScriptedModel(({ form, text }) => {
    if (form === "schema") return { status: 400, message: "response_format is not supported" };
    return text.includes("be shorter") ? review : cut;
  });
  expect(await modelAt(server).ask(question)).toMatchObject({ answer: review });
});

describe("checks", () => {
  const checking = {
    kind: "checks" as const,
    instructions: "Check the claims.",
    prompt: "Claim 1: paid twice",
  };

  test("are asked for by their own schema", async () => {
    await using server = await startScriptedModel([checks]);
    expect(await modelAt(server).ask(checking)).toMatchObject({ answer: checks });
    expect(server.checkRequests[0]?.body.response_format).toMatchObject({
      json_schema: { name: "checks", schema: { required: ["checks"] } },
    });
  });

  test("are asked for in plain text where the server knows no schema", async () => {
    await using server = await startScriptedModel([], undefined, ({ form }) =>
      form === "schema" ? { status: 400, message: "no response_format" } : checks,
    );
    expect(await modelAt(server).ask(checking)).toMatchObject({ answer: checks });
  });
});
