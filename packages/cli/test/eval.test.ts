import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createAnalysers } from "@nectr/analysers";
import type { ModelConfig } from "@nectr/model";
import { startScriptedModel } from "@nectr/model/testing";
import type { ModelAnswer } from "@nectr/review";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { parseEvalCommand } from "../src/eval/eval-command.ts";
import { runEval } from "../src/eval/run-eval.ts";
import { createRepository } from "./temp-repository.ts";

const analysers = createAnalysers();
afterAll(() => analysers.close());

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "nectr-eval-"));
  return () => rm(folder, { recursive: true, force: true });
});

async function evaluate(args: readonly string[], model: ModelConfig = {}) {
  const printed: string[] = [];
  const warned: string[] = [];
  const deps = {
    directory: folder,
    model,
    lenses: false,
    analysers,
    print: (text: string) => void printed.push(text),
    tell: () => {},
    warn: (line: string) => void warned.push(line),
  };
  const status = await runEval(deps, parseEvalCommand(args));
  return { status, printed: printed.join(""), warned: warned.join("\n") };
}

async function write(files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
}

const head = "one();\neval(process.argv[2]);\nthree();\n";
const diff = `diff --git a/a.js b/a.js
index 1111111..2222222 100644
--- a/a.js
+++ b/a.js
@@ -1 +1,3 @@
 one();
+eval(process.argv[2]);
+three();
`;

/** A case in which an analyser finds one of two. */
async function writeCase(name = "cases/eval", expected: object = {}): Promise<void> {
  const findings = [
    { path: "a.js", line: 2, severity: "critical", text: "Runs what it is given." },
    { path: "a.js", start_line: 3, line: 3, severity: "minor", text: "There is no function three." },
  ];
  await write({
    [`${name}/change.diff`]: diff,
    [`${name}/head/a.js.txt`]: head,
    [`${name}/expected.json`]: JSON.stringify({ language: "JavaScript", findings, ...expected }),
  });
}

describe("cases", () => {
  test("what the analysers find is counted, with a random control beside it", async () => {
    await writeCase();
    const { printed, warned, status } = await evaluate(["cases"]);
    const [all] = /^all +.*$/m.exec(printed) ?? [];
    expect(all?.split(/ {2,}/).slice(0, 8)).toEqual(["all", "1", "1", "2", "1", "1.00", "0.50", "0.67"]);
    // One comment on one of two added lines, both of which someone found something on: by lot it is as good.
    expect(all?.split(/ {2,}/).slice(8)).toEqual(["1.0", "1.00", "0.50", "0.67"]);
    expect(printed).toContain("Comments a pull request: 1.0");
    expect(printed).toContain("Cost: nothing, since no model was asked");
    expect(warned).toContain("analysers 1/1: eval");
    expect(warned).toContain("No model is configured");
    expect(status).toBe(0);
  });

  test("with a model both are shown, and what it costs is told before and after", async () => {
    await writeCase();
    await using model = await startScriptedModel(() => answer(3));
    const { printed, warned } = await evaluate(["cases"], configOf(model.baseUrl));
    expect(printed).toContain("The analysers alone, 1 case");
    const [, withModel = ""] = printed.split("With the model scripted, 1 case");
    expect(/^all +2 +2 +2 +2 +1\.00/m.test(withModel)).toBe(true);
    expect(withModel).toMatch(/Cost: [\d,]+ tokens in, \d+ out, .*\$/);
    expect(warned).toMatch(/Now scripted reviews 1 case, about \d+ tokens of changes: this costs at least/);
  });

  test("a stored run is compared with a later one", async () => {
    await writeCase();
    await evaluate(["cases", "--save", "run.json"]);
    const same = await evaluate(["cases", "--compare", "run.json"]);
    expect(same.printed).toContain("No finding is different.");
    const stored: unknown = JSON.parse(await readFile(join(folder, "run.json"), "utf8"));
    expect(stored).toMatchObject({ version: 1, modes: [{ kind: "analysers", cases: [{ name: "eval" }] }] });
    await write({
      "cases/eval/change.diff": diff.replace("+eval(process.argv[2]);", "+print(process.argv[2]);"),
    });
    await write({ "cases/eval/head/a.js.txt": head.replace("eval", "print") });
    const changed = await evaluate(["cases", "--compare", "run.json"]);
    expect(changed.printed).toMatch(/gone: moderate a\.js:2/);
    expect(changed.printed).toMatch(/all +1\.00 -> - +0\.50 -> 0\.00/);
  });

  test("a judge decides by what is said, on whatever lines, and is named", async () => {
    await writeCase("cases/eval", {
      findings: [{ path: "a.js", line: 1, text: "It runs code from outside." }],
    });
    const confirm = {
      checks: [{ claim: 1, verdict: "confirmed" as const, confidence: 90, reason: "Same." }],
    };
    await using model = await startScriptedModel([confirm]);
    const { printed } = await evaluate(
      ["cases", "--no-model", "--judge", "judge-1"],
      configOf(model.baseUrl),
    );
    const [byLine = "", judged = ""] = printed.split("Judged by judge-1");
    expect(byLine).toMatch(/^all +1 +0 +1 +0 +0\.00/m);
    expect(judged).toMatch(/^all +1 +1 +1 +1 +1\.00/m);
    expect(judged).toContain("Cost of the judge:");
    expect(model.checkRequests[0]?.body.model).toBe("judge-1");
  });

  test("a case can be a git repository", async () => {
    await using repository = await createRepository();
    await repository.commit({ "a.js": "one();\n" });
    await repository.git("switch", "--quiet", "--create", "feature");
    await repository.commit({ "a.js": head });
    await write({ "cases/git/expected.json": "" });
    await repository.git("clone", "--quiet", repository.dir, join(folder, "cases/git/repository"));
    const findings = [{ path: "a.js", line: 2, text: "Runs what it is given." }];
    await write({ "cases/git/expected.json": JSON.stringify({ base: "main", head: "feature", findings }) });
    const { printed } = await evaluate(["cases/git"]);
    expect(printed).toMatch(/^all +1 +1 +1 +1 +1\.00 +1\.00 +1\.00/m);
  });

  test("without a folder, those that Nectr brings: the analysers find some, and nothing that is not there", async () => {
    const { printed } = await evaluate(["--no-model"]);
    const [all = ""] = /^all +.*$/m.exec(printed) ?? [];
    const [, comments, right, expected, found] = all.split(/ {2,}/);
    expect(Number(found)).toBeGreaterThanOrEqual(3);
    expect([right, found]).toEqual([comments, comments]);
    expect(Number(expected)).toBeGreaterThan(15);
    for (const language of ["Go", "Java", "JavaScript", "Python", "TypeScript"])
      expect(printed).toContain(language);
  });

  test.each([
    ["no cases", {}, "There is no case in"],
    ["broken JSON", { "cases/a/expected.json": "{" }, "expected.json cannot be read"],
    [
      "a finding without a line",
      { "cases/a/expected.json": '{"findings":[{"path":"a","text":"t"}]}' },
      "line",
    ],
    ["neither diff nor repository", { "cases/a/expected.json": '{"findings":[]}' }, "neither change.diff"],
    [
      "no diff of git's",
      { "cases/a/expected.json": '{"findings":[]}', "cases/a/change.diff": "hello\n" },
      "is no diff of git's",
    ],
  ])("%s is told", async (_, files, words) => {
    await mkdir(join(folder, "cases"));
    await write(files);
    await expect(evaluate(["cases"])).rejects.toThrow(words);
  });
});

describe("--diffs", () => {
  test("placement and packing of a folder are told, and a text that is no diff is a fault", async () => {
    await write({ "diffs/one.diff": diff, "diffs/notes.md": "not a diff" });
    const { printed, status } = await evaluate(["--diffs", "diffs"]);
    expect(printed).toMatch(
      /Placement: 1 diff, 1 file, \d+ made-up findings: .* 0 refused by GitHub's rules, 0 lost/,
    );
    expect(printed).toContain(
      "Packing into calls of 8,000 tokens: 1 diff, 1 changed hunk: 1 reviewed, 0 listed, 0 lost",
    );
    expect(status).toBe(0);
    await write({ "diffs/two.diff": "no diff\n" });
    const faulty = await evaluate(["--diffs", "diffs"]);
    expect(faulty.printed).toContain("two.diff cannot be read: line 1");
    expect(faulty.status).toBe(1);
  });

  test("no folder, and a folder without diffs, are told", async () => {
    await expect(evaluate(["--diffs", "nowhere"])).rejects.toThrow("There is no folder");
    await mkdir(join(folder, "empty"));
    await expect(evaluate(["--diffs", "empty"])).rejects.toThrow("There is no *.diff");
  });
});

describe("replay", () => {
  const question = {
    review: "ada/shop#1 at 1a2b3c4",
    name: "chunk-1",
    instructions: "Review.",
    prompt: "The diff.",
    model: "model-1",
    answer: answer(3),
  };

  test("stored questions are asked again, and what would change is shown", async () => {
    await write({ "questions/1.json": JSON.stringify(question), "new.md": "Review well." });
    await using model = await startScriptedModel([answer(9, "Another one")]);
    const { printed } = await evaluate(
      ["replay", "--questions", "questions", "--model", "model-2", "--instructions", "new.md"],
      configOf(model.baseUrl),
    );
    expect(printed).toContain("ada/shop#1 at 1a2b3c4 chunk-1 (model-1 before, model-2 now)");
    expect(printed).toContain("gone: moderate a.js:3 Nothing of that name");
    expect(printed).toContain("new: moderate a.js:9 Another one");
    expect(printed).toContain("1 of 1 answer would be different. Nothing was posted.");
    expect(model.requests[0]?.text).toContain("Review well.");
    expect(model.requests[0]?.text).toContain("The diff.");
    expect(model.requests[0]?.text).not.toContain("Review.\n");
  });

  test("the same answer changes nothing", async () => {
    await write({ "questions/1.json": JSON.stringify(question) });
    await using model = await startScriptedModel([answer(3)]);
    const { printed } = await evaluate(["replay", "--questions", "questions"], configOf(model.baseUrl));
    expect(printed).toContain("0 of 1 answer would be different");
  });

  test("without a model, or without questions, it says what is missing", async () => {
    await expect(evaluate(["replay", "--questions", "questions"])).rejects.toThrow("ANTHROPIC_API_KEY");
    const config = configOf("http://127.0.0.1:1/v1");
    await expect(evaluate(["replay", "--questions", "questions"], config)).rejects.toThrow(
      "There is no folder",
    );
  });
});

function configOf(baseUrl: string): ModelConfig {
  return { openai: { baseUrl, models: ["scripted"] }, prices: [{ input: 2, output: 10 }] };
}

function answer(line: number, title = "Nothing of that name"): ModelAnswer {
  return {
    summary: "A change.",
    findings: [
      {
        path: "a.js",
        side: "new",
        startLine: line,
        endLine: line,
        quote: "",
        severity: "moderate",
        category: "correctness",
        title,
        body: "It is not defined.",
        suggestion: null,
        confidence: "high",
      },
    ],
  };
}
