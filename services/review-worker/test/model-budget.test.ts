import { type ScriptedModel, startScriptedModel } from "@nectr/model/testing";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Budgets } from "../src/stages/budget.ts";
import type { ModelCallOutcome, ReviewDeps } from "../src/worker-deps.ts";
import { clean, injection } from "./changes.ts";
import { down, large, modelAt, nothingFound } from "./model-under-test.ts";
import { startWorker, type WorkerUnderTest } from "./worker-under-test.ts";

/** Each answer costs two dollars. */
const price = { input: 2, output: 10 };
const usage = { inputTokens: 1_000_000, cachedInputTokens: 0, outputTokens: 0 };

let worker: WorkerUnderTest;
let server: ScriptedModel;
let calls: ModelCallOutcome[];
/** A file of which the model does not answer. */
let away: string | undefined;
beforeEach(async () => {
  worker = await startWorker();
  server = await startScriptedModel(
    ({ text }) => (away !== undefined && text.includes(away) ? down : nothingFound),
    usage,
  );
  calls = [];
  away = undefined;
});
afterEach(async () => {
  await server.close();
  expect(worker.simulator.violations()).toEqual([]);
  await worker[Symbol.asyncDispose]();
});

const summary = (number: number) =>
  worker.simulator.comments(worker.repository.fullName, number)[0]?.body ?? "";
const reviews = (number: number) => worker.simulator.reviews(worker.repository.fullName, number);
const within = (budgets: Budgets): Partial<ReviewDeps> => ({
  model: modelAt(server, price),
  budgets,
  onModelCall: (outcome) => void calls.push(outcome),
});

/** A pull request of its own branch, with one file. */
async function opened(branch: string, text = injection) {
  const head = await worker.push(branch, { [`src/${branch}.js`]: text });
  const number = await worker.open(branch);
  return { number, eventId: await worker.receive(number, head, "opened") };
}

describe("past a budget the model is not asked, the analysers review all, and the review says why", () => {
  test("for a pull request: on its next push, and not on another one", async () => {
    const budgets = { pullRequestUsd: 2.01 };
    const first = await opened("first");
    await worker.run(first.eventId, within(budgets));
    expect(summary(first.number)).toContain("- Model: `scripted`, 1,000,000 tokens in, 0 out, $2.00");
    const head = await worker.push("first", { "src/more.js": injection });
    const pushed = await worker.receive(first.number, head);
    expect(await worker.run(pushed, within(budgets))).toEqual({ kind: "done" });
    expect(server.requests).toHaveLength(1);
    expect(summary(first.number)).toMatch(
      /> .*no model read the code\. The model's budget of \$2\.01 for this pull request is spent: it has cost \$2\.00 so far, .* raise MODEL_BUDGET_PER_PULL_REQUEST\./,
    );
    expect(summary(first.number)).toContain("- Model: none (the model's budget is spent)");
    expect(reviews(first.number).flatMap(({ comments }) => comments.map(({ path }) => path))).toEqual([
      "src/first.js",
      "src/more.js",
    ]);

    const second = await opened("second");
    await worker.run(second.eventId, within(budgets));
    expect(server.requests).toHaveLength(2);
    // After each answer the check of what the analysers found is over the budget, too.
    expect(calls).toEqual(["answered", "over-budget", "over-budget", "answered", "over-budget"]);
  });

  test("in the middle of a pull request: what was read counts, what was not is named", async () => {
    const files = { "src/a.js": large("a"), "src/b.js": large("b"), "src/c.js": large("c") };
    const head = await worker.push("change", files);
    const number = await worker.open("change");
    await worker.run(await worker.receive(number, head), within({ pullRequestUsd: 3 }));
    expect(server.requests).toHaveLength(2);
    expect(summary(number)).toContain("Read 2 of 3 changed files");
    expect(summary(number)).toContain("- `src/c.js`: the model's budget is spent");
    expect(summary(number)).toContain("> One file was not read to the end. The model's budget of $3.00");
    expect(summary(number)).toContain("$4.00");
  });

  test("for a repository", async () => {
    const budgets = { repositoryUsd: 2.01 };
    const first = await opened("first");
    const second = await opened("second");
    await worker.run(first.eventId, within(budgets));
    await worker.run(second.eventId, within(budgets));
    expect(server.requests).toHaveLength(1);
    expect(summary(second.number)).toContain("MODEL_BUDGET_PER_REPOSITORY");
    expect(reviews(second.number)).toMatchObject([{ comments: [{ path: "src/second.js" }] }]);
  });

  test("for all repositories", async () => {
    const budgets = { monthUsd: 2.01 };
    const first = await opened("first");
    const second = await opened("second");
    await worker.run(first.eventId, within(budgets));
    await worker.run(second.eventId, within(budgets));
    expect(server.requests).toHaveLength(1);
    expect(summary(second.number)).toContain("MODEL_BUDGET_PER_MONTH");
    expect(summary(second.number)).not.toContain("$");
  });

  test("for whatever two workers do at once: over it are only the calls that were under way", async () => {
    const budgets = { monthUsd: 5 };
    const pulls = [];
    for (const branch of ["a", "b", "c", "d", "e", "f", "g", "h"]) pulls.push(await opened(branch, clean));
    const waiting = [...pulls];
    const work = async (holder: string) => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        expect(await worker.run(next.eventId, { ...within(budgets), holder })).toEqual({ kind: "done" });
      }
    };
    await Promise.all([work("first"), work("second")]);
    const answered = calls.filter((outcome) => outcome === "answered").length;
    expect(answered).toBeGreaterThanOrEqual(3);
    expect(answered).toBeLessThanOrEqual(4);
    expect(calls.filter((outcome) => outcome === "over-budget")).toHaveLength(8 - answered);
    for (const { number } of pulls) expect(summary(number)).not.toBe("");
    expect(pulls.filter(({ number }) => summary(number).includes("budget"))).toHaveLength(8 - answered);
  });
});

test("an answer from before is not paid again, so no budget holds it back", async () => {
  const head = await worker.push("change", { "src/a.js": large("a"), "src/b.js": large("b") });
  const number = await worker.open("change");
  const eventId = await worker.receive(number, head);
  away = "src/b.js";
  expect(await worker.run(eventId, within({}))).toMatchObject({ kind: "later" });
  await worker.run(eventId, within({ pullRequestUsd: 2.01 }));
  expect(summary(number)).toContain("Read 1 of 2 changed files");
  expect(summary(number)).toContain("- `src/b.js`: the model's budget is spent");
});
