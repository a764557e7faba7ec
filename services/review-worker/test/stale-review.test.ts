import { afterEach, beforeEach, expect, test } from "vitest";
import { clean, injection } from "./changes.ts";
import { type HangingModel, hangingModel } from "./hanging-model.ts";
import { startWorker, type WorkerUnderTest } from "./worker-under-test.ts";

let worker: WorkerUnderTest;
let slow: HangingModel;
beforeEach(async () => {
  worker = await startWorker();
  slow = hangingModel();
});
afterEach(async () => {
  expect(worker.simulator.violations()).toEqual([]);
  await worker[Symbol.asyncDispose]();
});

const reviews = (number: number) => worker.simulator.reviews(worker.repository.fullName, number);
const questions = (number: number) =>
  worker.simulator
    .requests()
    .filter(({ method, path }) => method === "GET" && path.endsWith(`/pulls/${number}`)).length;

/** Opens a pull request, and begins its review, which then waits for the model. No other slot is free. */
async function underReview() {
  const pull = await worker.opened(injection);
  const running = worker.run(pull.eventId, { model: slow.model, leaseSeconds: 30 });
  await slow.asked;
  return { ...pull, running };
}

/** Resolves when the claim of the review was renewed so many times more. */
async function beats(count: number): Promise<void> {
  const seen = new Set<number>();
  await expect
    .poll(async () => {
      const pull = await worker.db
        .selectFrom("pull_requests")
        .select("claim_expires_at")
        .executeTakeFirstOrThrow();
      return seen.add(Number(pull.claim_expires_at)).size;
    })
    .toBeGreaterThan(count);
}

test("a push that finds no free slot stops the stale review, which leaves its slot to it", async () => {
  const { number, eventId, running } = await underReview();
  const head = await worker.push("change", { "src/more.js": injection });
  const newer = await worker.receive(number, head);
  const receivedAt = performance.now();

  expect(await running).toEqual({ kind: "done" });
  // Two seconds are promised; a busy machine gets twice that.
  expect((await slow.stopped) - receivedAt).toBeLessThan(4_000);
  expect(await worker.event(eventId)).toMatchObject({
    status: "superseded",
    reason: `a newer head is there: ${head.slice(0, 7)}`,
  });
  expect(await worker.event(newer)).toMatchObject({ status: "pending" });
  expect(reviews(number)).toEqual([]);
  await worker.run(newer);
  expect(reviews(number)).toMatchObject([{ commitId: head }]);
});

test("an event that is late and speaks of an older head costs one question, and not the review", async () => {
  const first = await worker.push("change", { "src/change.js": clean });
  const head = await worker.push("change", { "src/change.js": injection });
  const number = await worker.open("change");
  const eventId = await worker.receive(number, head, "opened");
  const running = worker.run(eventId, { model: slow.model });
  await slow.asked;
  const before = questions(number);

  await worker.receive(number, first);
  await expect.poll(() => questions(number)).toBe(before + 1);
  await beats(3);
  expect(questions(number)).toBe(before + 1);
  slow.answer();
  expect(await running).toEqual({ kind: "done" });
  expect(await worker.event(eventId)).toMatchObject({ status: "completed" });
  expect(reviews(number)).toMatchObject([{ commitId: head }]);
});

test("twenty pushes stop it at the cost of one question, and leave one event to be done", async () => {
  const { number, running } = await underReview();
  const before = questions(number);
  const heads: string[] = [];
  for (let n = 0; n < 20; n += 1) heads.push(await worker.push("change", { "src/more.js": `${n};\n` }));
  // All at once, and not in their order.
  const last = heads.at(-1) ?? "";
  await worker.db.transaction().execute(async (tx) => {
    for (const head of [...heads.slice(10), ...heads.slice(0, 10), last]) {
      await tx
        .insertInto("webhook_events")
        .values({
          hook_id: 1,
          delivery_guid: `${head}-${Math.random()}`,
          event: "pull_request",
          action: "synchronize",
          repository_id: worker.repository.id,
          full_name: worker.repository.fullName,
          number,
          head_sha: head,
          status: "pending",
        })
        .execute();
    }
  });
  await running;
  expect(questions(number)).toBe(before + 1);
  const waiting = await worker.db
    .selectFrom("webhook_events")
    .select("head_sha")
    .where("status", "=", "pending")
    .execute();
  expect(new Set(waiting.map(({ head_sha }) => head_sha))).toEqual(new Set([last]));
});

test("a closing stops it before its own job is done", async () => {
  const { number, head, eventId, running } = await underReview();
  await worker.atGitHub("hubot", "PATCH", `/pulls/${number}`, { state: "closed" });
  await worker.receive(number, head, "closed");
  await running;
  expect(await worker.event(eventId)).toMatchObject({
    status: "superseded",
    reason: "the pull request is closed",
  });
});

test("another base stops it, and the change against that one is reviewed", async () => {
  await worker.push("stage", { ".nectr.yml": "paths: { ignore: ['**'] }\n" });
  const { number, head, eventId, running } = await underReview();
  await worker.atGitHub("hubot", "PATCH", `/pulls/${number}`, { base: "stage" });
  const edited = await worker.receive(number, head, "edited");
  // Its head is the present one: whichever event comes first, it is reviewed.
  expect(await running).toMatchObject({ kind: "later" });
  await worker.run(edited);
  expect(await worker.event(edited)).toMatchObject({ status: "completed" });
  await worker.run(eventId);
  expect(await worker.event(eventId)).toMatchObject({ status: "completed" });
  expect(reviews(number)).toEqual([]);
});

test("where GitHub does not answer the review goes on, and the look before posting decides", async () => {
  const { number, eventId, running } = await underReview();
  const head = await worker.push("change", { "src/more.js": injection });
  const lift = worker.simulator.faults.add({
    path: /\/pulls\/\d+$/,
    effect: { kind: "status", status: 404, when: "before" },
  });
  const before = questions(number);
  await worker.receive(number, head);
  await expect.poll(() => questions(number)).toBe(before + 1);
  lift();
  await beats(2);
  slow.answer();
  await running;
  expect(await worker.event(eventId)).toMatchObject({ status: "superseded" });
  expect(reviews(number)).toEqual([]);
});
