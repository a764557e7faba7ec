import type { ModelAnswer } from "@nectr/review";
import { expect, test } from "vitest";
import { createReviewModel } from "../src/index.ts";
import { startScriptedModel } from "../src/testing.ts";
import { startScriptedAnthropic } from "./scripted-anthropic.ts";

const review: ModelAnswer = { summary: "Sound.", findings: [] };
const instructions = "Review as the most careful engineer of the team would.";
const shared = "The pull request, in its author's words: adds a discount.";
const tools = { readFile: async () => "text" };
const question = (own: string) => ({
  kind: "review" as const,
  instructions,
  prompt: `${shared}\n\n${own}`,
  sharedCharacters: shared.length,
});
const cached = { cache_control: { type: "ephemeral" } };

async function askAnthropic(withTools: boolean) {
  await using server = await startScriptedAnthropic(() => ({ text: JSON.stringify(review) }));
  const model = createReviewModel({
    anthropic: { apiKey: "key", models: ["claude-sonnet-5-5"], baseUrl: server.baseUrl },
  });
  for (const own of ["First part.", "Second part."]) {
    await model?.ask({ ...question(own), ...(withTools && { tools }) });
  }
  return server.requests.map(({ body }) => body);
}

test("Anthropic is told to cache the instructions and what a review's questions share, each for itself", async () => {
  const [first, second] = await askAnthropic(false);
  expect(first?.["system"]).toEqual([{ type: "text", text: instructions, ...cached }]);
  expect(first?.messages).toEqual([
    {
      role: "user",
      content: [
        { type: "text", text: shared, ...cached },
        { type: "text", text: "\n\nFirst part." },
      ],
    },
  ]);
  expect(second?.["system"]).toEqual(first?.["system"]);
  expect(second?.messages[0]?.content).toEqual([
    { type: "text", text: shared, ...cached },
    { type: "text", text: "\n\nSecond part." },
  ]);
  // Nothing asks for the rest again: to store it would cost a quarter more for nothing.
  expect(first?.["cache_control"]).toBeUndefined();
});

test("where the model may look around, each round has the whole question from the cache", async () => {
  const [first, second] = await askAnthropic(true);
  expect(first).toMatchObject({ ...cached, tools: [{ name: "read_file" }] });
  expect(second?.["tools"]).toEqual(first?.["tools"]);
});

test("a server that caches by itself gets requests that begin with the same bytes", async () => {
  await using server = await startScriptedModel([review, review]);
  const model = createReviewModel({ openai: { baseUrl: server.baseUrl, models: ["local"] } });
  for (const own of ["First part.", "Second part."]) await model?.ask({ ...question(own), tools });
  const [first = "", second = ""] = server.requests.map(({ raw }) => raw);
  const common = [...first].findIndex((character, index) => second[index] !== character);
  expect(first.slice(0, common)).toContain(JSON.stringify(`${shared}\n\n`).slice(1, -1));
  // What differs is the own part alone: tools, schema and all else are the same.
  expect(first.replace("First", "Second")).toBe(second);
});
