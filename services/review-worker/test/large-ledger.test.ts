import { afterEach, beforeEach, expect, test } from "vitest";
import { answering } from "./answering-model.ts";
import { startWorker, type WorkerUnderTest } from "./worker-under-test.ts";

let worker: WorkerUnderTest;
beforeEach(async () => {
  worker = await startWorker();
});
afterEach(async () => {
  await worker[Symbol.asyncDispose]();
});

test("findings by the thousand: the model is shown some, and the others stay open where it says nothing of them", async () => {
  const prompts: string[] = [];
  const model = answering(undefined, ({ prompt }) => void prompts.push(prompt));
  const first = await worker.push("change", { "src/change.js": "export const half = (n) => n / 2;\n" });
  const number = await worker.open("change");
  await worker.run(await worker.receive(number, first, "opened"), { model });
  await reportEarlier(number, 1_000);

  const second = await worker.push("change", { "src/other.js": "export const one = 1;\n" });
  await worker.run(await worker.receive(number, second), { model });
  const prompt = prompts.at(-1) ?? "";
  expect(prompt.length).toBeLessThan(20_000);
  const shown = new Set(prompt.match(/(?<=^src\/change\.js: )Defect \d+$/gm));
  expect(shown.size).toBeGreaterThan(50);
  expect(prompt).toContain(`${1_000 - shown.size} more are not shown here.`);

  const ledger = await worker.db.selectFrom("findings").select(["title", "state"]).execute();
  const fixed = ledger.filter(({ state }) => state === "fixed").map(({ title }) => title);
  expect(new Set(fixed)).toEqual(shown);
  expect(ledger.filter(({ state }) => state === "open")).toHaveLength(1_000 - shown.size);
  const [comment] = worker.simulator.comments(worker.repository.fullName, number);
  expect(comment?.body).toContain("still open, not looked at again");
});

/** Puts findings into the ledger as the model's, of the last review. */
async function reportEarlier(number: number, findings: number): Promise<void> {
  const { id } = await worker.db.selectFrom("reviews").select("id").executeTakeFirstOrThrow();
  const rows = Array.from({ length: findings }, (_, index) => ({
    repository_id: worker.repository.id,
    number,
    first_review_id: id,
    last_review_id: id,
    state: "open" as const,
    fingerprint: `earlier ${index}`,
    source: "model" as const,
    rule: "model",
    severity: "minor" as const,
    category: "correctness" as const,
    path: "src/change.js",
    start_line: 1,
    end_line: 1,
    title: `Defect ${index}`,
    body: "It breaks.",
    suggestion: null,
    placement: "inline" as const,
    placement_reason: null,
  }));
  await worker.db.insertInto("findings").values(rows).execute();
}
