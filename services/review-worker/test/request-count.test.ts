import { expect, test } from "vitest";
import { answering } from "./answering-model.ts";
import { startWorker } from "./worker-under-test.ts";

const overflow = {
  path: "src/1.js",
  startLine: 2,
  endLine: 2,
  severity: "minor",
  category: "correctness",
  title: "Overflows",
  body: "For large values.",
  suggestion: null,
  side: "new",
  quote: "export const more = 3;",
  confidence: "high",
} as const;

/** Ten files of one export each. */
function tenFiles(text: (index: number) => string): Record<string, string> {
  return Object.fromEntries(Array.from({ length: 10 }, (_, index) => [`src/${index}.js`, text(index)]));
}

test("an ordinary pull request of ten files takes at most 8 reads of GitHub and 4 writes", async () => {
  await using worker = await startWorker();
  await worker.push(
    "main",
    tenFiles((index) => `export const a${index} = 1;\n`),
  );
  const head = await worker.push(
    "change",
    tenFiles((index) => `export const a${index} = 2;\nexport const more = 3;\n`),
  );
  const number = await worker.open("change");
  const eventId = await worker.receive(number, head, "opened");
  const from = worker.simulator.requests().length;
  const model = answering({ summary: "Fine", findings: [overflow] });
  expect(await worker.run(eventId, { model })).toEqual({ kind: "done" });

  const sent = worker.simulator.requests().slice(from);
  const isRead = ({ method, path }: (typeof sent)[number]) => method === "GET" || path === "/graphql";
  expect(sent.filter(isRead).length).toBeLessThanOrEqual(8);
  const writes = sent.filter((request) => !isRead(request)).map(({ path }) => path.replace(/.*\/shop/, ""));
  expect(writes).toEqual([
    `/statuses/${head}`,
    `/pulls/${number}/reviews`,
    `/issues/${number}/comments`,
    `/statuses/${head}`,
  ]);
  expect(worker.simulator.violations()).toEqual([]);
});
