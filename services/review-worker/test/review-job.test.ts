import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { answering } from "./answering-model.ts";
import { clean, injection } from "./changes.ts";
import { startWorker, type WorkerUnderTest } from "./worker-under-test.ts";

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

describe("what is posted", () => {
  test("a defect becomes an inline comment, and the summary tells of it", async () => {
    const { number, head, eventId } = await worker.opened(injection);
    expect(await worker.run(eventId)).toEqual({ kind: "done" });
    expect(await worker.event(eventId)).toMatchObject({ status: "completed", error: null });
    expect(reviews(number)).toMatchObject([
      { commitId: head, state: "COMMENTED", comments: [{ path: "src/change.js" }] },
    ]);
    expect(comments(number)).toMatchObject([{ body: expect.stringContaining("src/change.js:2") }]);
  });

  test("a change without findings gets the summary alone, and no approval where no model read it", async () => {
    const { number, eventId } = await worker.opened(clean);
    await worker.run(eventId);
    expect(reviews(number)).toEqual([]);
    expect(comments(number)).toHaveLength(1);
    expect(comments(number)[0]?.body).toContain("no approval");
  });

  test("a second run of the same event, or of another one of the same head, posts nothing", async () => {
    const { number, head, eventId } = await worker.opened(injection);
    await worker.run(eventId);
    await worker.run(eventId);
    const reopened = await worker.receive(number, head, "reopened");
    await worker.run(reopened);
    expect(await worker.event(reopened)).toMatchObject({ status: "completed" });
    expect(reviews(number)).toHaveLength(1);
    expect(comments(number)).toHaveLength(1);
  });

  test("what the next push mends is told as fixed, and what it leaves as still open", async () => {
    const { number, eventId } = await worker.opened(injection);
    await worker.run(eventId);
    const left = await worker.push("change", { "src/other.js": clean });
    await worker.run(await worker.receive(number, left));
    expect(comments(number)[0]?.body).toContain("still open");
    const mended = await worker.push("change", { "src/change.js": clean });
    await worker.run(await worker.receive(number, mended));
    expect(comments(number)).toHaveLength(1);
    expect(comments(number)[0]?.body).toContain("fixed since the last run");
    const ledger = await worker.db.selectFrom("findings").select(["state", "path"]).execute();
    expect(ledger).toEqual([{ state: "fixed", path: "src/change.js" }]);
  });

  test("the configuration comes from the base, never from the pull request itself", async () => {
    await worker.push("main", { ".nectr.yml": "paths: { ignore: ['generated/**'] }\n" });
    const head = await worker.push("change", {
      ".nectr.yml": "paths: { ignore: ['**'] }\n",
      "generated/a.js": injection,
      "src/b.js": injection,
    });
    const number = await worker.open("change");
    await worker.run(await worker.receive(number, head));
    expect(reviews(number)[0]?.comments.map(({ path }) => path)).toEqual(["src/b.js"]);
    expect(comments(number)[0]?.body).toContain("ignored by `.nectr.yml`");
  });

  test("an answer that no database would take is cleaned, kept and posted", async () => {
    const { number, eventId } = await worker.opened(clean);
    const model = answering({
      summary: "Fine\u0000 but \ud83d",
      findings: [
        {
          path: "src/change.js",
          startLine: 2,
          endLine: 2,
          severity: "minor",
          category: "correctness",
          title: "Overflows\u0000",
          body: "For large values \udc00.",
          suggestion: null,
          side: "new",
          quote: "",
          confidence: "high",
        },
      ],
    });
    await worker.run(eventId, { model });
    expect(await worker.event(eventId)).toMatchObject({ status: "completed" });
    expect(reviews(number)[0]?.comments[0]?.body).toContain("Overflows");
    // The reading and the check.
    expect(await worker.db.selectFrom("model_usage").selectAll().execute()).toHaveLength(2);
  });
});
