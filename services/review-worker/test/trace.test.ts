import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readQuestions } from "../src/events/question-store.ts";
import { renderTraces } from "../src/events/render-trace.ts";
import { readTraces } from "../src/events/trace-store.ts";
import { writeQuestions } from "../src/events/write-questions.ts";
import { answering } from "./answering-model.ts";
import { clean, injection } from "./changes.ts";
import { startWorker, type WorkerUnderTest } from "./worker-under-test.ts";

let worker: WorkerUnderTest;
beforeEach(async () => {
  worker = await startWorker();
});
afterEach(() => worker[Symbol.asyncDispose]());

const finding = {
  path: "src/change.js",
  side: "new",
  startLine: 1,
  endLine: 1,
  quote: "export async function find(db, customer) {",
  severity: "minor",
  category: "reliability",
  title: "The caller's customer is not checked",
  body: "An empty one finds nothing, and says nothing.",
  suggestion: null,
  confidence: "high",
} as const;
/** Of a file that the change does not touch. */
const elsewhere = { ...finding, path: "README.md", quote: "# Shop", title: "The readme is short" } as const;

test("each finding's way, from the model's answer to its line, is read from the stored run", async () => {
  const { eventId } = await worker.opened(injection);
  const said = { ...finding, startLine: 2, endLine: 2 };
  await worker.run(eventId, { model: answering({ summary: "Finds orders.", findings: [said, elsewhere] }) });

  const traces = await readTraces(worker.db, { eventId, fingerprint: undefined });
  const told = renderTraces(traces).split("\n\n");
  expect(told).toHaveLength(3);
  const ofModel = told.find((text) => text.includes(finding.title));
  expect(ofModel).toMatch(/^question {5}chunk-1, finding 1 of the answer$/m);
  expect(ofModel).toMatch(/^answered by {2}agreeable-model in 1 call$/m);
  expect(ofModel).toMatch(
    /^said {9}src\/change\.js, lines 2 to 2 of the new version, quoting "export async/m,
  );
  expect(ofModel).toMatch(/^check {8}checks-1: confirmed, 95 %$/m);
  expect(ofModel).toMatch(/^placed {7}on src\/change\.js:1, found by its quote$/m);
  expect(ofModel).toMatch(/^at GitHub {4}http/m);
  expect(told.find((text) => text.includes("SQL"))).toMatch(/^rule .* at src\/change\.js:2$/m);
  expect(told.find((text) => text.includes(elsewhere.title))).toMatch(/^withheld/m);

  const [first] = traces;
  const one = await readTraces(worker.db, { eventId, fingerprint: first?.fingerprint?.slice(0, 8) });
  expect(one).toEqual([first]);
  await expect(readTraces(worker.db, { eventId, fingerprint: "ffff" })).rejects.toThrow("no finding ffff");
});

test("questions are kept where that is wanted, for another model to be asked", async () => {
  const answer = { summary: "Finds orders.", findings: [finding] };
  const folder = mkdtempSync(join(tmpdir(), "nectr-questions-"));
  const { eventId } = await worker.opened(injection);
  await worker.run(eventId, { model: answering(answer) });
  expect(await readQuestions(worker.db, 10)).toEqual([]);

  const head = await worker.push("change", { "src/more.js": clean });
  await worker.run(await worker.receive(1, head), { model: answering(answer), keepQuestions: true });
  const kept = await readQuestions(worker.db, 10);
  expect(kept).toMatchObject([
    { review: `octocat/shop#1 at ${head.slice(0, 7)}`, name: "chunk-1", model: "agreeable-model", answer },
  ]);
  expect(kept[0]?.prompt).toContain("src/more.js");
  const [file = ""] = await writeQuestions(folder, kept);
  expect(JSON.parse(readFileSync(file, "utf8"))).toEqual(kept[0]);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  rmSync(folder, { recursive: true });
});
