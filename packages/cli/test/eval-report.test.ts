import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createAnalysers } from "@nectr/analysers";
import { startScriptedModel } from "@nectr/model/testing";
import { afterAll, expect, onTestFinished, test } from "vitest";
import { parseEvalCommand } from "../src/eval/eval-command.ts";
import { runEval } from "../src/eval/run-eval.ts";

const analysers = createAnalysers();
afterAll(() => analysers.close());

const diff = `diff --git a/a.js b/a.js
index 1111111..2222222 100644
--- a/a.js
+++ b/a.js
@@ -1 +1,2 @@
 one();
+two();
`;

test("comments and expected findings are counted apart; a suggestion that is left out was read", async () => {
  const folder = await mkdtemp(join(tmpdir(), "nectr-eval-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await mkdir(join(folder, "head"));
  await writeFile(join(folder, "change.diff"), diff);
  await writeFile(join(folder, "head/a.js"), "one();\ntwo();\n");
  const expected = [{ path: "a.js", line: 2, severity: "minor", text: "There is no two." }];
  await writeFile(join(folder, "expected.json"), JSON.stringify({ findings: expected }));
  const finding = {
    path: "a.js",
    side: "new" as const,
    startLine: 2,
    endLine: 2,
    quote: "two();",
    severity: "moderate" as const,
    category: "correctness" as const,
    title: "Nothing of that name",
    body: "It is not defined.",
    // The line as it is: nothing would change.
    suggestion: "two();",
    confidence: "high" as const,
  };
  await using model = await startScriptedModel(() => ({ summary: "A change.", findings: [finding] }));
  const printed: string[] = [];
  const deps = {
    directory: folder,
    model: { openai: { baseUrl: model.baseUrl, models: ["scripted"] } },
    lenses: false,
    analysers,
    print: (text: string) => void printed.push(text),
    tell: () => {},
    warn: () => {},
  };
  await runEval(deps, parseEvalCommand(["."]));
  const [, report = ""] = printed.join("").split("With the model");
  // Comments, right, expected, found: each in the row of its own severity.
  expect(report).toMatch(/^moderate +1 +1 +0 +0 /m);
  expect(report).toMatch(/^minor +0 +0 +1 +1 /m);
  expect(report).toMatch(/^Suggestions left out: 1, such as in .*: The suggestion of /m);
  expect(report).not.toContain("Not all was read");
});
