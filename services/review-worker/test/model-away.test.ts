import type { ReviewModel } from "@nectr/model";
import {
  type ScriptedAnswer,
  scriptedUsage,
  type ScriptedModel,
  startScriptedModel,
} from "@nectr/model/testing";
import { createLogger } from "@nectr/service";
import { sql } from "kysely";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { clean, injection } from "./changes.ts";
import { down, large, modelAt, nothingFound, oneFinding } from "./model-under-test.ts";
import { startWorker, type WorkerUnderTest } from "./worker-under-test.ts";

let worker: WorkerUnderTest;
let server: ScriptedModel;
let model: ReviewModel;
/** What the model does when it is shown a file; without one it is down. */
let answers: Record<string, ScriptedAnswer | ScriptedAnswer[]>;

beforeEach(async () => {
  worker = await startWorker();
  answers = {};
  server = await startScriptedModel(({ text }) => {
    const [, answer] = Object.entries(answers).find(([path]) => text.includes(path)) ?? [];
    return (Array.isArray(answer) ? answer.shift() : answer) ?? down;
  });
  model = modelAt(server);
});
afterEach(async () => {
  await server.close();
  expect(worker.simulator.violations()).toEqual([]);
  await worker[Symbol.asyncDispose]();
});

const comments = (number: number) => worker.simulator.comments(worker.repository.fullName, number);
const reviews = (number: number) => worker.simulator.reviews(worker.repository.fullName, number);
/** How often the model was shown a file. */
const asked = (path: string) => server.requests.filter(({ text }) => text.includes(path)).length;
const payments = () => worker.db.selectFrom("model_usage").selectAll().orderBy("id").execute();

/** A pull request of three chunks, a file in each. */
async function openedLarge() {
  const head = await worker.push("change", {
    "src/a.js": large("a"),
    "src/b.js": large("b"),
    "src/c.js": large("c"),
  });
  const number = await worker.open("change");
  return { number, head, eventId: await worker.receive(number, head, "opened") };
}

/** Runs the job until it is done. @returns what it waited between. */
async function runToTheEnd(eventId: string): Promise<number[]> {
  const outcome = await worker.run(eventId, { model });
  return outcome.kind === "done" ? [] : [outcome.delayMs, ...(await runToTheEnd(eventId))];
}

test("an answer that comes while it cannot be saved is saved when it can, and paid once", async () => {
  const { number, eventId } = await worker.opened(injection);
  answers = { "src/change.js": nothingFound };
  let away = false;
  const asking: ReviewModel = {
    ...model,
    async ask(request) {
      const response = await model.ask(request);
      if (away) return response;
      away = true;
      await sql`alter table model_usage rename to model_usage_away`.execute(worker.db);
      return response;
    },
  };
  const toldOf = Promise.withResolvers<void>();
  const logger = createLogger({
    service: "review-worker",
    level: "warn",
    destination: { write: (line) => line.includes("could not be saved") && toldOf.resolve() },
  });
  const running = worker.run(eventId, { model: asking, logger });
  await toldOf.promise;
  await sql`alter table model_usage_away rename to model_usage`.execute(worker.db);
  expect(await running).toEqual({ kind: "done" });
  expect(asked("src/change.js")).toBe(1);
  // The reading, and the check of what the analysers found.
  expect(await payments()).toHaveLength(2);
  expect(comments(number)).toHaveLength(1);
});

describe("a model that is down", () => {
  test("and comes back: the review waits, holds nothing, and has all it finds, each answer paid once", async () => {
    const { number, eventId } = await openedLarge();
    answers = { "src/a.js": oneFinding("src/a.js") };
    expect(await worker.run(eventId, { model })).toMatchObject({ kind: "later", delayMs: 15_000 });
    expect(await worker.event(eventId)).toMatchObject({
      status: "pending",
      reason: expect.stringMatching(/^The model does not answer\. It is asked again/),
    });
    const held = await worker.db.selectFrom("pull_requests").select("claimed_by").executeTakeFirstOrThrow();
    expect(held.claimed_by).toBeNull();
    expect([...reviews(number), ...comments(number)]).toEqual([]);
    const fetched = () => worker.simulator.requests().filter(({ path }) => path.endsWith("/graphql")).length;
    const before = fetched();

    answers = { "src/b.js": oneFinding("src/b.js"), "src/c.js": nothingFound };
    expect(await worker.run(eventId, { model })).toEqual({ kind: "done" });
    expect(reviews(number)[0]?.comments.map(({ path }) => path)).toEqual(["src/a.js", "src/b.js"]);
    expect(comments(number)[0]?.body).not.toContain("did not answer");
    expect(asked("src/a.js")).toBe(1);
    // Three readings and the check of what they found; and no text is fetched again.
    expect(await payments()).toHaveLength(4);
    expect(fetched()).toBe(before);
  });

  test("for good: after minutes the analysers review alone, and the review says so", async () => {
    const { number, eventId } = await worker.opened(injection);
    const waits = await runToTheEnd(eventId);
    expect(waits.slice(0, 5)).toEqual([15_000, 30_000, 60_000, 120_000, 240_000]);
    expect(waits.reduce((sum, ms) => sum + ms, 0)).toBeLessThanOrEqual(8 * 60_000);
    expect(reviews(number)).toMatchObject([{ comments: [{ path: "src/change.js" }] }]);
    const body = comments(number)[0]?.body ?? "";
    expect(body).toContain(
      "no model read the code. The model did not answer, though it was asked 7 times within 8",
    );
    expect(body).toContain("- Model: none (the model did not answer)");
    expect(body).not.toContain("10.0.0.7");
    expect(await worker.event(eventId)).toMatchObject({ status: "completed", reason: null });
  });

  test("for good, after it had answered for a part: that is in the review, and what is missing is named", async () => {
    const { number, eventId } = await openedLarge();
    answers = { "src/a.js": oneFinding("src/a.js") };
    await runToTheEnd(eventId);
    const body = comments(number)[0]?.body ?? "";
    expect(reviews(number)[0]?.comments.map(({ path }) => path)).toEqual(["src/a.js"]);
    expect(body).toContain("> 2 files were not read to the end. The model did not answer");
    expect(body).toContain("Read 1 of 3 changed files");
    expect(body).toContain("- `src/b.js`: the model did not answer");
    expect(asked("src/a.js")).toBe(1);
  });

  test("for all parts: after two of them in vain, the third is not asked for", async () => {
    const { number, eventId } = await openedLarge();
    await runToTheEnd(eventId);
    expect(asked("src/b.js")).toBeGreaterThan(0);
    expect(asked("src/c.js")).toBe(0);
    expect(comments(number)[0]?.body).toContain("- Model: none (the model did not answer)");
  });

  test("for one part alone: the others are read all the same", async () => {
    const { number, eventId } = await openedLarge();
    answers = { "src/b.js": nothingFound, "src/c.js": oneFinding("src/c.js") };
    await runToTheEnd(eventId);
    expect(reviews(number)[0]?.comments.map(({ path }) => path)).toEqual(["src/c.js"]);
    expect(comments(number)[0]?.body).toContain("- `src/a.js`: the model did not answer");
    expect(asked("src/b.js")).toBe(1);
  });

  test("a wait for GitHub in between, and a new worker, do not begin its patience anew", async () => {
    const { eventId } = await worker.opened(clean);
    expect(await worker.run(eventId, { model })).toMatchObject({ delayMs: 15_000 });
    const lift = worker.simulator.faults.add({
      path: /\/files$/,
      effect: { kind: "status", status: 503, when: "before" },
    });
    const waits = await worker.run(eventId, { model, holder: "second" });
    expect(waits.kind === "later" && waits.reason).toContain("GitHub does not answer");
    lift();
    expect(await worker.run(eventId, { model, holder: "third" })).toMatchObject({ delayMs: 30_000 });
  });

  test("a later event of the same head meets an outage of its own", async () => {
    const { number, head, eventId } = await worker.opened(clean);
    await worker.run(eventId, { model });
    const reopened = await worker.receive(number, head, "reopened");
    expect(await worker.run(reopened, { model })).toMatchObject({ delayMs: 15_000 });
  });

  test("a push while the review waits supersedes it", async () => {
    const { number, eventId } = await worker.opened(clean);
    await worker.run(eventId, { model });
    answers = { "src/change.js": oneFinding("src/change.js") };
    const head = await worker.push("change", { "src/more.js": clean });
    await worker.run(await worker.receive(number, head), { model, holder: "second" });
    await worker.run(eventId, { model });
    expect(await worker.event(eventId)).toMatchObject({ status: "superseded" });
    expect(reviews(number)).toMatchObject([{ commitId: head }]);
  });

  test("a worker that dies while it asks does not count as the model's failure", async () => {
    const { eventId } = await worker.opened(clean);
    answers = { "src/change.js": { hang: true } };
    const frozen = worker.run(eventId, { model, holder: "first" });
    await expect.poll(() => asked("src/change.js")).toBe(1);
    answers = {};
    // The frozen one's heart still beats: on a busy machine between the end of its claim and the next one's.
    await vi.waitFor(async () => {
      await worker.db
        .updateTable("pull_requests")
        .set({ claim_expires_at: sql<Date>`now() - interval '1 second'` })
        .execute();
      expect(await worker.run(eventId, { model, holder: "second" })).toMatchObject({ delayMs: 15_000 });
    }, 30_000);
    await frozen;
  });
});

describe("a model's provider that asks to be left in peace", () => {
  const limited = (seconds: number): ScriptedAnswer => ({
    status: 429,
    headers: { "retry-after": String(seconds) },
  });

  test("is, without a slot being held, and then answers", async () => {
    const { number, eventId } = await worker.opened(clean);
    answers = { "src/change.js": [limited(90), oneFinding("src/change.js")] };
    expect(await worker.run(eventId, { model })).toMatchObject({ kind: "later", delayMs: 90_000 });
    expect(server.requests).toHaveLength(1);
    expect(await worker.run(eventId, { model })).toEqual({ kind: "done" });
    expect(reviews(number)[0]?.comments).toHaveLength(1);
  });

  test("is not waited for longer than people would", async () => {
    const { eventId } = await worker.opened(clean);
    answers = { "src/change.js": limited(86_400) };
    const waits = await runToTheEnd(eventId);
    expect(waits).toHaveLength(1);
    expect(waits[0]).toBeLessThanOrEqual(8 * 60_000);
    expect(await worker.event(eventId)).toMatchObject({ status: "completed" });
  });
});

test("a refusal is not waited for: the analysers review at once, and the log says what to change", async () => {
  const { number, eventId } = await worker.opened(injection);
  answers = { "src/change.js": { status: 401, message: "no such key for 10.0.0.7" } };
  const lines: string[] = [];
  const destination = { write: (line: string) => void lines.push(line) };
  const logger = createLogger({ service: "review-worker", level: "error", destination });
  expect(await worker.run(eventId, { model, logger })).toEqual({ kind: "done" });
  expect(lines.join("")).toContain("set ANTHROPIC_API_KEY or OPENAI_API_KEY anew");
  const body = comments(number)[0]?.body ?? "";
  expect(body).toContain("The model's provider refused the request (status 401).");
  expect(body).not.toContain("10.0.0.7");
  expect(reviews(number)).toHaveLength(1);
});

describe("what failed calls cost", () => {
  test("is stored, and part of what the review says it cost", async () => {
    const { number, eventId } = await worker.opened(clean);
    const calls = () => payments().then((rows) => rows.map((row) => row.input_tokens));
    answers = { "src/change.js": [{ readFile: "README.md" }] };
    await worker.run(eventId, { model });
    expect(await calls()).toEqual([scriptedUsage.inputTokens]);
    answers = { "src/change.js": nothingFound };
    await worker.run(eventId, { model });
    expect(await calls()).toEqual([scriptedUsage.inputTokens, scriptedUsage.inputTokens]);
    expect(comments(number)[0]?.body).toContain("2,400 tokens in, 160 out");
  });

  test("is paid once for answers that cannot be used, though the review goes on to wait", async () => {
    const { number, eventId } = await openedLarge();
    answers = { "src/a.js": { text: "I like it!" } };
    expect(await worker.run(eventId, { model })).toMatchObject({ kind: "later" });
    answers = { "src/b.js": nothingFound, "src/c.js": nothingFound };
    await worker.run(eventId, { model });
    expect(await payments()).toHaveLength(3);
    const body = comments(number)[0]?.body ?? "";
    expect(body).toContain("The model answered with something that is no review, more than once.");
    expect(body).toContain("6,000 tokens in");
  });

  test("is stored where a push ends the review in the middle", async () => {
    const { number, eventId } = await worker.opened(clean);
    answers = { "src/change.js": [{ readFile: "README.md" }, { hang: true }] };
    const running = worker.run(eventId, { model, leaseSeconds: 30 });
    await expect.poll(() => server.requests.length).toBe(2);
    const head = await worker.push("change", { "src/more.js": clean });
    await worker.run(await worker.receive(number, head), { holder: "second" });
    await running;
    expect(await payments()).toMatchObject([{ input_tokens: scriptedUsage.inputTokens }]);
  });
});
