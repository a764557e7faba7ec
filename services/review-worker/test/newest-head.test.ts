import { ModelError, type ReviewModel } from "@nectr/model";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { closePullRequest } from "../src/pull-request-store.ts";
import { answering } from "./answering-model.ts";
import { clean, injection } from "./changes.ts";
import { startWorker, type WorkerUnderTest } from "./worker-under-test.ts";

const patience = { timeout: 10_000, interval: 20 };

let worker: WorkerUnderTest;
beforeEach(async () => {
  worker = await startWorker();
});
afterEach(async () => {
  expect(worker.simulator.violations()).toEqual([]);
  await worker[Symbol.asyncDispose]();
});

const reviews = (number: number) => worker.simulator.reviews(worker.repository.fullName, number);
const comments = (number: number) => worker.simulator.comments(worker.repository.fullName, number);

describe("the newest head wins", () => {
  test("a push takes the review over: the one under way stops soon and posts nothing", async () => {
    const asked = Promise.withResolvers<void>();
    let stoppedAt = 0;
    const model: ReviewModel = {
      name: "slow-model",
      ask: ({ signal }) =>
        new Promise((_resolve, reject) => {
          asked.resolve();
          signal?.addEventListener("abort", () => {
            stoppedAt = performance.now();
            reject(new ModelError("aborted", "aborted"));
          });
        }),
    };
    const { number, eventId } = await worker.opened(injection);
    const running = worker.run(eventId, { model, holder: "first", leaseSeconds: 30 });
    await asked.promise;

    const head = await worker.push("change", { "src/more.js": injection });
    const newer = await worker.receive(number, head);
    const pushedAt = performance.now();
    await worker.run(newer, { holder: "second" });
    await running;

    expect(stoppedAt - pushedAt).toBeLessThan(6_000);
    expect(await worker.event(newer)).toMatchObject({ status: "completed" });
    expect(reviews(number)).toMatchObject([{ commitId: head }]);
    await worker.run(eventId);
    expect(await worker.event(eventId)).toMatchObject({ status: "superseded" });
    const rows = await worker.db.selectFrom("reviews").select(["head_sha", "status"]).orderBy("id").execute();
    expect(rows).toMatchObject([{ status: "superseded" }, { status: "posted", head_sha: head }]);
  });

  test("events in any order: the older head is superseded, the newest reviewed once", async () => {
    const { number, head: first } = await worker.opened(injection);
    const second = await worker.push("change", { "src/more.js": clean });
    const late = await worker.receive(number, second);
    const early = await worker.receive(number, first);
    // By all that is known here the other one may be the newest.
    expect(await worker.run(late)).toMatchObject({ kind: "later" });
    expect(await worker.run(early)).toEqual({ kind: "done" });
    expect(await worker.event(early)).toMatchObject({ status: "superseded" });
    expect(await worker.run(late)).toEqual({ kind: "done" });
    expect(await worker.event(late)).toMatchObject({ status: "completed" });
    expect(reviews(number)).toMatchObject([{ commitId: second }]);
  });

  test("an older head's event that comes when the newest is reviewed changes nothing", async () => {
    const { number, head: first } = await worker.opened(injection);
    const second = await worker.push("change", { "src/more.js": clean });
    const late = await worker.receive(number, second);
    await worker.run(late);
    const early = await worker.receive(number, first);
    // No event to come speaks of the newest head, so it is looked at again, and then found to be reviewed.
    await vi.waitUntil(async () => (await worker.run(early)).kind === "done", patience);
    expect(await worker.event(early)).toMatchObject({ status: "completed" });
    expect(reviews(number)).toMatchObject([{ commitId: second }]);
  });

  test("a push whose webhook never comes is noticed before posting, and its head is reviewed", async () => {
    const { number, head, eventId } = await worker.opened(injection);
    let pushed = "";
    const model = answering(undefined, async () => {
      pushed ||= await worker.push("change", { "src/more.js": injection });
    });
    expect(await worker.run(eventId, { model })).toMatchObject({ kind: "later" });
    expect([...reviews(number), ...comments(number)]).toEqual([]);
    await vi.waitUntil(async () => (await worker.run(eventId, { model })).kind === "done", patience);
    expect(reviews(number)).toMatchObject([{ commitId: pushed }]);
    const rows = await worker.db.selectFrom("reviews").select(["head_sha", "status"]).orderBy("id").execute();
    expect(rows).toEqual([
      { head_sha: head, status: "superseded" },
      { head_sha: pushed, status: "posted" },
    ]);
  });

  test("while another worker holds the same head, the job waits", async () => {
    const asked = Promise.withResolvers<void>();
    const answer = Promise.withResolvers<never>();
    const model: ReviewModel = {
      name: "slow-model",
      ask: () => {
        asked.resolve();
        return answer.promise;
      },
    };
    const { number, head, eventId } = await worker.opened(injection);
    const running = worker.run(eventId, { model, holder: "first" });
    await asked.promise;
    const again = await worker.receive(number, head, "reopened");
    expect(await worker.run(again, { holder: "second" })).toMatchObject({ kind: "later" });
    answer.reject(new ModelError("unavailable", "gone"));
    await running;
    expect(await worker.run(again, { holder: "second" })).toEqual({ kind: "done" });
    expect(reviews(number)).toHaveLength(1);
  });

  test("a worker that was frozen past its lease, and replaced, writes nothing when it wakes", async () => {
    const { number, eventId } = await worker.opened(injection);
    const model = answering(undefined, async () => {
      await worker.db
        .updateTable("pull_requests")
        // The replacement took the claim, had to park the job, and let go of the claim again.
        .set((e) => ({ fencing_token: e("fencing_token", "+", 1), claimed_by: null, claimed_head: null }))
        .execute();
    });
    await worker.run(eventId, { model });
    expect([...reviews(number), ...comments(number)]).toEqual([]);
    // It is the replacement's to finish.
    expect(await worker.event(eventId)).toMatchObject({ status: "processing" });
  });

  test("closed in the middle, nothing is posted", async () => {
    const { number, eventId } = await worker.opened(injection);
    await worker.run(eventId, {
      model: answering(undefined, () =>
        worker.atGitHub("hubot", "PATCH", `/pulls/${number}`, { state: "closed" }),
      ),
    });
    await worker.run(eventId);
    expect(await worker.event(eventId)).toMatchObject({ status: "superseded" });
    expect([...reviews(number), ...comments(number)]).toEqual([]);
  });

  test("a late word of a closing that was undone costs a second look, not the review", async () => {
    const { number, eventId } = await worker.opened(injection);
    const noteClosed = () =>
      closePullRequest(worker.db, { repositoryId: worker.repository.id, number, merged: false });
    expect(await worker.run(eventId, { model: answering(undefined, noteClosed) })).toMatchObject({
      kind: "later",
    });
    await worker.run(eventId);
    expect(await worker.event(eventId)).toMatchObject({ status: "completed" });
    expect(reviews(number)).toHaveLength(1);
  });

  test("a head that comes back after another was posted gets its summary back", async () => {
    const { number, head, eventId } = await worker.opened(injection);
    await worker.run(eventId);
    const other = await worker.push("change", { "src/more.js": clean });
    await worker.run(await worker.receive(number, other));
    expect(comments(number)[0]?.body).toContain(other.slice(0, 7));
    await worker.reset("change", head);
    await worker.run(await worker.receive(number, head));
    expect(comments(number)).toHaveLength(1);
    expect(comments(number)[0]?.body).toContain(head.slice(0, 7));
    expect(reviews(number)).toHaveLength(1);
  });
});

test("against another base the same head is reviewed anew", async () => {
  await worker.push("stage", { ".nectr.yml": "paths: { ignore: ['**'] }\n" });
  const { number, head, eventId } = await worker.opened(injection);
  await worker.atGitHub("hubot", "PATCH", `/pulls/${number}`, { base: "stage" });
  await worker.run(eventId);
  expect(reviews(number)).toEqual([]);

  await worker.atGitHub("hubot", "PATCH", `/pulls/${number}`, { base: "main" });
  await worker.run(await worker.receive(number, head, "edited"));
  expect(reviews(number)).toMatchObject([{ commitId: head, comments: [{ path: "src/change.js" }] }]);
  expect(comments(number)).toMatchObject([{ body: expect.stringContaining("src/change.js:2") }]);
});
