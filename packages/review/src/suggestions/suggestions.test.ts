import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseDiff } from "../diff/parse-diff.ts";
import type { Finding } from "../model.ts";
import { placeFindings } from "../placement.ts";
import { applySuggestion } from "./apply-suggestion.ts";
import { checkSuggestions } from "./check-suggestions.ts";

const finding: Finding = {
  source: "model",
  rule: "model",
  severity: "minor",
  category: "correctness",
  path: "a.ts",
  startLine: 2,
  endLine: 2,
  title: "The sum is wrong",
  body: "",
};

/** A file whose lines all are new, and what becomes of a suggestion for some of them. */
function suggest(text: string, suggestion: string, changes: Partial<Finding> = {}) {
  const lines = text.split("\n");
  if (lines.at(-1) === "") lines.pop();
  const path = changes.path ?? "a.ts";
  const diff = parseDiff(
    `diff --git a/${path} b/${path}\n--- /dev/null\n+++ b/${path}\n@@ -0,0 +1,${lines.length} @@\n` +
      lines.map((line) => `+${line}\n`).join(""),
  );
  const placed = placeFindings([{ ...finding, suggestion, ...changes }], diff);
  const { findings, problems } = checkSuggestions(placed, new Map([[path, text]]), diff);
  const [found] = findings;
  if (!found) throw new Error("a finding is lost");
  const after =
    found.suggestion === undefined
      ? undefined
      : applySuggestion(text, found.startLine, found.endLine, found.suggestion);
  return { found, problems, after };
}

const spaces = "function f() {\n    let sum = 0;\n    for (const x of all) {\n        sum += x;\n    }\n}\n";
const tabs = spaces.replaceAll("    ", "\t");

describe("a suggestion that fits stays", () => {
  test.each<[string, string, string, Partial<Finding>, string]>([
    ["as it is", spaces, "    let sum = 1;", {}, spaces.replace("= 0", "= 1")],
    ["with its indentation put back", spaces, "let sum = 1;", {}, spaces.replace("= 0", "= 1")],
    [
      "with the indentation of all lines put back",
      spaces,
      "for (const x of some) {\n    sum += x;\n}",
      { startLine: 3, endLine: 5 },
      spaces.replace("of all", "of some"),
    ],
    [
      "with the indentation of a trimmed first line put back",
      spaces,
      "for (const x of some) {\n        sum += x;\n    }",
      { startLine: 3, endLine: 5 },
      spaces.replace("of all", "of some"),
    ],
    [
      "with tabs for spaces",
      tabs,
      "    for (const x of some) {\n        sum += x;\n    }",
      { startLine: 3, endLine: 5 },
      tabs.replace("of all", "of some"),
    ],
    [
      "with tabs for spaces and the indentation put back",
      tabs,
      "for (const x of some) {\n  sum += x;\n}",
      { startLine: 3, endLine: 5 },
      tabs.replace("of all", "of some"),
    ],
    [
      "with the indentation of a block and of its first line put back",
      "def f():\n    if a:\n        b()\n",
      "if c:\n    b()",
      { path: "a.py", endLine: 3 },
      "def f():\n    if c:\n        b()\n",
    ],
    ["with spaces for tabs", spaces, "\tlet sum = 1;", {}, spaces.replace("= 0", "= 1")],
    ["without the diff's numbers", spaces, "2 +    let sum = 1;", {}, spaces.replace("= 0", "= 1")],
    ["without the diff's signs", spaces, "+    let sum = 1;", {}, spaces.replace("= 0", "= 1")],
    [
      "of a small diff its new lines",
      spaces,
      "-    let sum = 0;\n+    let sum = 1;",
      {},
      spaces.replace("= 0", "= 1"),
    ],
    ["with the file's line ends", "a\r\nb\r\nc\r\n", "d\ne", {}, "a\r\nd\r\ne\r\nc\r\n"],
    ["at an end without a newline", "a\nb", "c\nd", {}, "a\nc\nd"],
    ["in a list, whose signs are its own", "all:\n- a\n- b\n", "- c", { path: "a.yml" }, "all:\n- c\n- b\n"],
    ["in prose, where a bracket may stand alone", "1\n2\n", "1) first", { path: "a.md" }, "1\n1) first\n"],
  ])("%s", (_, text, suggestion, changes, after) => {
    const outcome = suggest(text, suggestion, changes);
    expect(outcome.problems).toEqual([]);
    expect(outcome.after).toBe(after);
  });
});

describe("one that does not is left out, told, and its finding stays", () => {
  test.each<[string, string, Partial<Finding>, string]>([
    ["what is there already", "let sum = 0;", {}, "it says what is there already"],
    ["an open bracket", "    let sum = (1;", {}, "brackets"],
    ["a closing one too many", "    } let sum = 1; {", {}, "brackets"],
    [
      "lines that the file does not have",
      "}",
      { startLine: 6, endLine: 9 },
      "does not show all of its lines",
    ],
    [
      "lines that its quote is not about",
      "    let sum = 1;",
      { endLine: 4, quote: "sum += x;" },
      "not the code",
    ],
    ["numbers of other lines", "7 +    let sum = 1;", {}, "not certain which"],
    ["a diff of other lines", "-    let total = 0;\n+    let sum = 1;", {}, "not certain which"],
  ])("%s", (_, suggestion, changes, problem) => {
    const { found, problems } = suggest(spaces, suggestion, changes);
    expect(found).not.toHaveProperty("suggestion");
    expect(found).toMatchObject({ title: finding.title, placement: { kind: "inline" } });
    expect(problems).toEqual([expect.stringContaining(problem)]);
    expect(problems[0]).toContain(`"The sum is wrong" (a.ts:`);
  });

  const diff = parseDiff(
    "diff --git a/a.ts b/a.ts\n--- a/a.ts\n+++ b/a.ts\n@@ -1,3 +1,3 @@\n a\n-b\n+c\n d\n",
  );
  const outcome = (text: string | undefined, changes: Partial<Finding>) =>
    checkSuggestions(
      placeFindings([{ ...finding, suggestion: "e", ...changes }], diff),
      new Map(text === undefined ? [] : [["a.ts", text]]),
      diff,
    );

  test.each<[string, string | undefined, Partial<Finding>, string]>([
    ["a line of before", "a\nc\nd\n", { side: "old" }, "lines of before"],
    ["a line that the diff does not show", "a\nc\nd\n", { startLine: 9, endLine: 9 }, "no place"],
    ["a text that nobody has", undefined, {}, "not known"],
    ["a text that is not the diff's", "a\nx\nd\n", {}, "not those of the diff"],
    ["a shorter text", "a\n", {}, "fewer lines"],
  ])("%s", (_, text, changes, problem) => {
    const { findings, problems } = outcome(text, changes);
    expect(findings).toHaveLength(1);
    expect(findings[0]).not.toHaveProperty("suggestion");
    expect(problems).toEqual([expect.stringContaining(problem)]);
  });
});

test("applying touches no other line, whatever the text's ends are", () => {
  const line: fc.Arbitrary<string> = fc.constantFrom("", "a", "b b", "\tc");
  const end = fc.constantFrom("\n", "\r\n");
  fc.assert(
    fc.property(
      fc.array(line, { minLength: 1, maxLength: 12 }),
      end,
      fc.boolean(),
      fc.array(fc.constantFrom("x", "  y"), { minLength: 1, maxLength: 4 }),
      fc.nat(),
      fc.nat(),
      (lines, lineEnd, closed, put, first, more) => {
        const filled = lines.with(-1, lines.at(-1) || "z");
        const text = filled.join(lineEnd) + (closed ? lineEnd : "");
        const start = (first % filled.length) + 1;
        const last = Math.min(start + (more % 3), filled.length);
        const after = [...filled.slice(0, start - 1), ...put, ...filled.slice(last)];
        // Of a text of one line that has no end, no other end is known.
        const known = closed || filled.length > 1 ? lineEnd : "\n";
        const expected = after.join(known) + (closed ? lineEnd : "");
        expect(applySuggestion(text, start, last, put.join("\n"))).toBe(expected);
      },
    ),
  );
  expect(() => applySuggestion("a\n", 2, 2, "b")).toThrow(RangeError);
});
