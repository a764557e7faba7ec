import { afterEach, beforeEach, expect, test } from "vitest";
import { injection } from "./changes.ts";
import { startWorker, type WorkerUnderTest } from "./worker-under-test.ts";

let worker: WorkerUnderTest;
beforeEach(async () => {
  worker = await startWorker();
});
afterEach(async () => {
  expect(worker.simulator.violations()).toEqual([]);
  await worker[Symbol.asyncDispose]();
});

/** Runs the event of a pull request, opened while the repository has these settings. */
async function openedWith(settings: string, { draft }: { draft: boolean }) {
  await worker.push("main", { ".nectr.yml": settings });
  const head = await worker.push("change", { "src/change.js": injection });
  const number = await worker.open("change", { draft });
  const eventId = await worker.receive(number, head, "opened");
  await worker.run(eventId);
  return { number, event: await worker.event(eventId) };
}

const comments = (number: number) => worker.simulator.comments(worker.repository.fullName, number);
const reviewRows = () => worker.db.selectFrom("reviews").select("status").execute();

test("what the team filters out is not reviewed, nothing is said, and the event tells why", async () => {
  const { number, event } = await openedWith("filters: { headBranches: { skip: ['chan*'] } }\n", {
    draft: false,
  });
  expect(event).toMatchObject({ status: "ignored", reason: '.nectr.yml skips the head branch "chan*"' });
  expect(comments(number)).toEqual([]);
  expect(
    worker.simulator
      .requests()
      .filter(({ method, path }) => method === "POST" && path.includes("/statuses/")),
  ).toEqual([]);
  expect(await reviewRows()).toEqual([]);
});

test("a draft waits until it is ready", async () => {
  const { number, event } = await openedWith("", { draft: true });
  expect(event).toMatchObject({ status: "superseded", reason: "the pull request is a draft" });
  expect(comments(number)).toEqual([]);
  expect(await reviewRows()).toEqual([]);
});

test("drafts are reviewed where the team wants that", async () => {
  const { number, event } = await openedWith("filters: { drafts: true }\n", { draft: true });
  expect(event).toMatchObject({ status: "completed" });
  expect(comments(number)).toHaveLength(1);
});
