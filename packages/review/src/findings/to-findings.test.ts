import { describe, expect, test } from "vitest";
import { z } from "zod";
import { cleanAnswer } from "./clean-text.ts";
import { modelAnswerSchema, type ModelFinding } from "./model-answer.ts";
import { toFindings } from "./to-findings.ts";

const sound: ModelFinding = {
  path: "src/a.ts",
  startLine: 3,
  endLine: 4,
  severity: "moderate",
  category: "security",
  title: "SQL is built from input",
  body: "Any caller can read every row.",
  suggestion: null,
  side: "new",
  quote: "",
  confidence: "high",
};
const only = (changes: Partial<ModelFinding>) =>
  toFindings({ summary: "", findings: [{ ...sound, ...changes }] });

describe("toFindings", () => {
  test("a sound finding", () => {
    expect(only({})).toEqual({
      findings: [
        {
          source: "model",
          rule: "model",
          severity: "moderate",
          category: "security",
          path: "src/a.ts",
          startLine: 3,
          endLine: 4,
          confidence: 0.9,
          title: "SQL is built from input",
          body: "Any caller can read every row.",
        },
      ],
      problems: [],
    });
  });

  test.each<[string, Partial<ModelFinding>, object]>([
    ["a reversed range is turned round", { startLine: 9, endLine: 4 }, { startLine: 4, endLine: 9 }],
    ["a path as shells write it", { path: " ./src/a.ts" }, { path: "src/a.ts" }],
    ["a title over several lines", { title: "a\n b" }, { title: "a b" }],
    ["a missing title", { title: " " }, { title: "Any caller can read every row." }],
    ["a guess never holds up", { severity: "critical", confidence: "low" }, { severity: "minor" }],
    ["lines of before", { side: "old", quote: "a();\n" }, { side: "old", quote: "a();\n" }],
    ["its words for how sure it is", { confidence: "medium" }, { confidence: 0.6 }],
    ["a suggestion in a fence", { suggestion: "```ts\n  a();\n```\n" }, { suggestion: "  a();" }],
    [
      "a suggestion keeps its indentation",
      { suggestion: "  a();\n  b();\n" },
      { suggestion: "  a();\n  b();" },
    ],
  ])("%s", (_, changes, expected) => {
    expect(only(changes).findings[0]).toMatchObject(expected);
    expect(only(changes).problems).toEqual([]);
  });

  test("tells from which answer a finding comes, and what lines were said there", () => {
    const answer = {
      summary: "",
      findings: [
        { ...sound, path: "" },
        { ...sound, startLine: 9, endLine: 7 },
      ],
    };
    expect(toFindings(answer, "chunk-2").findings).toMatchObject([
      { origin: { question: "chunk-2", index: 1, saidLines: [7, 9] } },
    ]);
  });

  test("long texts are cut, never through a character", () => {
    const [finding] = only({ title: `${"a".repeat(118)}😀😀`, body: "b".repeat(9_000) }).findings;
    expect(finding?.title).toBe(`${"a".repeat(118)}…`);
    expect(finding?.body).toHaveLength(4_000);
  });

  test("nothing that a database refuses comes through, and what is sound stays", () => {
    const half = "\u{1F600}".slice(0, 1);
    const answer = {
      summary: `a\0b${half}`,
      findings: [
        { ...sound, title: `t\0${half}`, body: `b\0${half}`, path: `p\0${half}`, suggestion: `s\0` },
      ],
    };
    const refused = /\\u0000|\\ud83d/;
    expect(JSON.stringify(answer)).toMatch(refused);
    expect(JSON.stringify([toFindings(answer), cleanAnswer(answer)])).not.toMatch(refused);
    expect(cleanAnswer(answer)).toMatchObject({
      summary: "ab\uFFFD",
      findings: [{ startLine: 3, suggestion: "s" }],
    });
  });

  test.each<[string, Partial<ModelFinding>]>([
    ["no file", { path: " " }],
    ["line 0", { startLine: 0 }],
    ["half a line", { endLine: 3.5 }],
    ["no number", { startLine: Number.NaN }],
    ["nothing said", { title: "", body: "\n" }],
  ])("one that can't be used is told, not dropped: %s", (_, changes) => {
    const { findings, problems } = only(changes);
    expect(findings).toEqual([]);
    expect(problems).toHaveLength(1);
  });

  test("a suggestion that is too long is told", () => {
    const { findings, problems } = only({ suggestion: "x\n".repeat(3_000) });
    expect(findings[0]).not.toHaveProperty("suggestion");
    expect(problems).toHaveLength(1);
  });
});

test("the schema holds nothing that strict servers refuse", () => {
  const schema = JSON.stringify(z.toJSONSchema(modelAnswerSchema));
  expect(schema).not.toMatch(
    /"(?:minimum|maximum|exclusiveM\w+|min[A-Z]\w+|max[A-Z]\w+|pattern|format|default|oneOf|allOf)"/,
  );
  const visit = (node: unknown): void => {
    if (typeof node !== "object" || node === null) return;
    if ("properties" in node && typeof node.properties === "object" && node.properties !== null) {
      expect(node).toMatchObject({ required: Object.keys(node.properties), additionalProperties: false });
    }
    Object.values(node).forEach(visit);
  };
  visit(JSON.parse(schema));
});
