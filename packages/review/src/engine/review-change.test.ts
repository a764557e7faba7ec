import { describe, expect, test } from "vitest";
import { parseRepositoryConfig } from "../configuration/parse-repository-config.ts";
import { parseDiff } from "../diff/parse-diff.ts";
import type { ModelAnswer, ModelFinding } from "../findings/model-answer.ts";
import type { Finding } from "../model.ts";
import { renderSummary } from "../render/summary.ts";
import type { Change } from "./change.ts";
import type { Answered, AnswerKind, EnginePorts, ModelPort, Question } from "./ports.ts";
import { reviewChange } from "./review-change.ts";

const text = "export function pay(order) {\n  charge(order);\n  charge(order);\n  return order;\n}\n";
const files = parseDiff(
  "diff --git a/src/pay.js b/src/pay.js\n--- a/src/pay.js\n+++ b/src/pay.js\n@@ -1,4 +1,5 @@\n export function pay(order) {\n   charge(order);\n+  charge(order);\n   return order;\n }\n",
);

const { config } = parseRepositoryConfig(undefined);
const change: Change = {
  key: { repositoryId: 42, number: 7, headSha: "a".repeat(40), generation: 0 },
  pullRequest: { title: "Pay", body: "", author: "mona", baseRef: "main", headRef: "pay" },
  files,
  filesChanged: 1,
  config,
  guidance: "",
  failures: [],
  earlier: [],
};

const twice: ModelFinding = {
  path: "src/pay.js",
  side: "new",
  startLine: 3,
  endLine: 3,
  quote: "  charge(order);",
  severity: "critical",
  category: "correctness",
  title: "An order is charged twice",
  body: "Both calls take the money.",
  suggestion: null,
  confidence: "high",
};

/** Answers by the question's name; checks are confirmed where nothing else is said. */
function modelOf(
  answers: (question: Question) => ModelAnswer | Answered<AnswerKind> | undefined,
): ModelPort & { readonly asked: Question[] } {
  const asked: Question[] = [];
  return {
    name: "scripted",
    asked,
    cost: async () => undefined,
    async ask<Kind extends AnswerKind>(question: Question<Kind>): Promise<Answered<Kind>> {
      asked.push(question);
      const said = answers(question) ?? confirmed(question);
      const whole = "answer" in said || "silence" in said ? said : { answer: said, model: "scripted" };
      return whole as Answered<Kind>;
    },
  };
}

function confirmed({ prompt }: Question): Answered<"checks"> {
  const claims = [...prompt.matchAll(/^Claim (\d+): /gm)].map(([, number]) => Number(number));
  const checks = claims.map((claim) => ({
    claim,
    verdict: "confirmed" as const,
    confidence: 90,
    reason: "So it is.",
  }));
  return { answer: { checks }, model: "scripted" };
}

function portsWith(model: ModelPort | undefined, found: readonly Finding[] = []): EnginePorts {
  return {
    readTexts: async (_, paths) => new Map(paths.map((path) => [path, text])),
    analysers: {
      names: ["rules"],
      analyse: async () => ({ findings: found, failures: [] }),
      outline: async () =>
        new Map([["src/pay.js", [{ name: "pay", kind: "function", startLine: 1, endLine: 5 }]]]),
      explainDependencies: () => undefined,
    },
    model,
  };
}

const rule: Finding = {
  source: "analyser",
  rule: "script/double",
  severity: "minor",
  category: "reliability",
  path: "src/pay.js",
  startLine: 3,
  endLine: 3,
  title: "A call is repeated",
  body: "The same call twice.",
};

describe("a review", () => {
  test("without a model is what the analysers found, and no approval", async () => {
    const review = await reviewChange(portsWith(undefined, [rule]), change);
    expect(review.findings.map(({ title }) => title)).toEqual(["A call is repeated"]);
    expect(review).toMatchObject({
      verdict: "comment",
      coverage: { modelAbsence: "no model is configured" },
    });
  });

  test("tells of each finding how it came from the answer to its line", async () => {
    const model = modelOf(({ kind }) =>
      kind === "review"
        ? { summary: "Charges twice.", findings: [{ ...twice, startLine: 4, endLine: 4 }] }
        : undefined,
    );
    const { findings, verdict } = await reviewChange(portsWith(model), change);
    expect(model.asked.map(({ name }) => name)).toEqual(["chunk-1", "checks-1"]);
    expect(verdict).toBe("request_changes");
    expect(findings).toMatchObject([
      {
        title: twice.title,
        placement: { kind: "inline", path: "src/pay.js", line: 3, by: "quote" },
        origin: {
          question: "chunk-1",
          index: 0,
          saidLines: [4, 4],
          check: { question: "checks-1", verdict: "confirmed", confidence: 0.9, reason: "So it is." },
        },
      },
    ]);
  });

  test("keeps what the second look rejects, and does not show it", async () => {
    const reject = {
      checks: [{ claim: 1, verdict: "rejected" as const, confidence: 5, reason: "It is meant so." }],
    };
    const model = modelOf(({ kind }) =>
      kind === "review"
        ? { summary: "Charges twice.", findings: [twice] }
        : { answer: reject, model: "scripted" },
    );
    const review = await reviewChange(portsWith(model), change);
    expect(review.findings).toEqual([]);
    expect(review.withheld).toMatchObject([
      { finding: { title: twice.title }, reason: expect.stringContaining("It is meant so.") },
    ]);
    const shown = renderSummary(review, { githubUrl: "https://github.com", fullName: "octocat/shop" });
    expect(shown).toContain("Not shown: 1 finding that did not hold up on a second look");
    expect(shown).not.toContain(twice.title);
  });

  test("shows the model what the analysers found, and the function around the change", async () => {
    const model = modelOf(({ kind }) => (kind === "review" ? { summary: "", findings: [] } : undefined));
    const before = Array.from({ length: 9 }, (_, index) => `  step${index}(order);\n`).join("");
    const long = text.replace("\n", `\n${before}`);
    const patch = "@@ -11,2 +11,3 @@\n   charge(order);\n+  charge(order);\n   return order;\n";
    const [diff] = parseDiff(
      `diff --git a/src/pay.js b/src/pay.js\n--- a/src/pay.js\n+++ b/src/pay.js\n${patch}`,
    );
    const ports = portsWith(model, [rule]);
    const scope = { name: "pay", kind: "function" as const, startLine: 1, endLine: 14 };
    await reviewChange(
      {
        ...ports,
        readTexts: async () => new Map([["src/pay.js", long]]),
        analysers: { ...ports.analysers, outline: async () => new Map([["src/pay.js", [scope]]]) },
      },
      { ...change, files: [diff!] },
    );
    expect(model.asked[0]?.prompt).toContain("A call is repeated (script/double)");
    expect(model.asked[0]?.prompt).toContain("1  export function pay(order) {");
  });

  test("does not have checked again what an earlier run posted", async () => {
    const model = modelOf(({ kind }) => (kind === "review" ? { summary: "", findings: [twice] } : undefined));
    const first = await reviewChange(portsWith(model), change);
    const [posted] = first.findings;
    const earlier = [{ ...posted!, state: "open" as const }];
    const again = await reviewChange(portsWith(model), { ...change, earlier });
    expect(model.asked.map(({ name }) => name)).toEqual(["chunk-1", "checks-1", "chunk-1"]);
    expect(again.stillOpen).toHaveLength(1);
  });

  test("lists what is over the team's own limit of files", async () => {
    const two = [...files, { ...files[0]!, path: "src/other.js" }];
    const limited = { ...config, limits: { ...config.limits, files: 1 } };
    const review = await reviewChange(portsWith(undefined), {
      ...change,
      files: two,
      filesChanged: 2,
      config: limited,
    });
    expect(review.coverage.skipped).toMatchObject([{ reason: "over the limit of 1 files in .nectr.yml" }]);
  });
});

describe("with a look for each kind of defect", () => {
  const lensOf = ({ name }: Question) => /^chunk-1-(\w+)$/.exec(name)?.[1];

  test("all begin alike, and one report is made of theirs", async () => {
    const model = modelOf((question) => {
      const lens = lensOf(question);
      if (lens === undefined) return undefined;
      if (lens === "synthesis") return { summary: "Charges twice.", findings: [twice] };
      return { summary: lens, findings: [{ ...twice, title: `${twice.title}, says ${lens}` }] };
    });
    const review = await reviewChange(portsWith(model), change, { lenses: true });
    const looks = model.asked.filter(({ kind }) => kind === "review");
    expect(looks.map(lensOf)).toEqual(["security", "correctness", "performance", "tests", "synthesis"]);
    const beginnings = looks.map(({ prompt, sharedCharacters }) => prompt.slice(0, sharedCharacters));
    expect(new Set(beginnings).size).toBe(1);
    expect(review.findings.map(({ title, origin }) => [title, origin?.question])).toEqual([
      [twice.title, "chunk-1-synthesis"],
    ]);
  });

  test("where one of them says nothing the review says so, and shows what the others found", async () => {
    const model = modelOf((question) => {
      const lens = lensOf(question);
      if (lens === undefined) return undefined;
      if (lens === "tests") return { silence: { brief: "no answer", sentence: "The model gave no answer." } };
      return { summary: "", findings: lens === "correctness" ? [twice] : [] };
    });
    const review = await reviewChange(portsWith(model), change, { lenses: true });
    expect(review.findings.map(({ title }) => title)).toEqual([twice.title]);
    expect(review.doubts).toContain("The model gave no answer.");
  });
});

test("what a question throws breaks the review off, after those under way have come to their end", async () => {
  const large = Array.from(
    { length: 5_000 },
    (_, index) => `+const value${index} = compute(${index});\n`,
  ).join("");
  const many = parseDiff(
    `diff --git a/a.ts b/a.ts\nnew file mode 100644\n--- /dev/null\n+++ b/a.ts\n@@ -0,0 +1,5000 @@\n${large}`,
  );
  const ended: string[] = [];
  const ports = portsWith({
    name: "scripted",
    cost: async () => undefined,
    async ask({ name }) {
      if (name === "chunk-2") throw new Error("the model is away");
      await Promise.resolve();
      ended.push(name);
      return { silence: { brief: "no answer", sentence: "No answer." } };
    },
  });
  await expect(reviewChange(ports, { ...change, files: many })).rejects.toThrow("the model is away");
  expect(ended).toEqual(["chunk-1", "chunk-3", "chunk-4"]);
});
