import type { CheckAnswer, ModelAnswer } from "@nectr/review";
import { expect, test } from "vitest";
import { createReviewModel } from "../src/index.ts";
import { confirmAll, type ScriptedModel, startScriptedModel } from "../src/testing.ts";

const review: ModelAnswer = { summary: "Sound.", findings: [] };
const prompt = "Two claims.\n\n### Claim 1: paid twice\ncode\n\nClaim 12: never paid\nSee Claim 3.";
const rejected: CheckAnswer = { checks: [{ claim: 1, verdict: "rejected", confidence: 90, reason: "No." }] };

async function asked({ baseUrl }: ScriptedModel, kind: "review" | "checks") {
  const model = createReviewModel({ openai: { baseUrl, models: ["local"] } });
  return (await model?.ask({ kind, instructions: "Read.", prompt }))?.answer;
}

test("a list is for reviews: checks between them are confirmed, and counted apart", async () => {
  await using server = await startScriptedModel([review, { ...review, summary: "Another." }]);
  expect(await asked(server, "review")).toEqual(review);
  const answer = (await asked(server, "checks")) as CheckAnswer;
  expect(answer.checks.map(({ claim, verdict, confidence }) => [claim, verdict, confidence])).toEqual([
    [1, "confirmed", 95],
    [12, "confirmed", 95],
  ]);
  expect(await asked(server, "review")).toMatchObject({ summary: "Another." });
  expect([server.requests.length, server.checkRequests.length]).toEqual([2, 1]);
});

test("checks in a list are used for checks, in their order", async () => {
  await using server = await startScriptedModel([rejected, review]);
  expect(await asked(server, "review")).toEqual(review);
  expect(await asked(server, "checks")).toEqual(rejected);
  expect(await asked(server, "checks")).toEqual(confirmAll({ text: prompt }));
});

test("a function is for reviews, and another one for checks", async () => {
  await using server = await startScriptedModel(
    () => review,
    undefined,
    () => rejected,
  );
  expect(await asked(server, "review")).toEqual(review);
  expect(await asked(server, "checks")).toEqual(rejected);
});
