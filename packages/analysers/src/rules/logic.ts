import { scripts, type Rule } from "../rule.ts";

/** What is the same in every language that has `=` as an expression and `===` to compare. */
const assignmentAsCondition = {
  severity: "moderate",
  category: "correctness",
  title: "The condition assigns instead of comparing",
  body: "A single `=` changes the variable, and the condition is the assigned value. Compare with `===`.",
  reference: "CWE-481",
  report: "whole",
  tests: "read",
  suggestion: { replace: " = ", by: " === " },
} as const;

const assignmentInIf = {
  kind: "assignment_expression",
  inside: { kind: "parenthesized_expression", inside: { kind: "if_statement" } },
} as const;

export const logicRules: readonly Rule[] = [
  {
    id: "script/off-by-one",
    languages: scripts,
    severity: "moderate",
    category: "correctness",
    title: "The loop runs one step past the end",
    body: "Indexes end at `length - 1`: in the last round the element is `undefined`. Compare with `<`.",
    reference: "CWE-193",
    report: "head",
    tests: "read",
    suggestion: { replace: "<=", by: "<" },
    rule: {
      pattern: "$I <= $LIST.length",
      inside: {
        kind: "for_statement",
        all: [
          { has: { field: "initializer", regex: "=\\s*0\\b" } },
          { has: { field: "body", has: { stopBy: "end", pattern: "$LIST[$I]" } } },
        ],
      },
    },
  },
  {
    id: "script/parse-int-in-map",
    languages: scripts,
    severity: "moderate",
    category: "correctness",
    title: "map hands parseInt the index as its base",
    body:
      "`['10', '10', '10'].map(parseInt)` is `[10, NaN, 2]`: the second argument is the base. Write " +
      "`.map((x) => parseInt(x, 10))` or `.map(Number)`.",
    reference: "CWE-628",
    report: "whole",
    tests: "read",
    suggestion: { replace: "parseInt", by: "(value) => parseInt(value, 10)" },
    rule: { any: [{ pattern: "$LIST.map(parseInt)" }, { pattern: "$LIST.map(Number.parseInt)" }] },
  },
  {
    id: "script/assignment-as-condition",
    languages: scripts,
    ...assignmentAsCondition,
    rule: {
      ...assignmentInIf,
      has: {
        field: "right",
        any: [
          { kind: "string" },
          { kind: "number" },
          { kind: "true" },
          { kind: "false" },
          { kind: "null" },
          { kind: "identifier" },
        ],
      },
    },
  },
  {
    id: "php/assignment-as-condition",
    languages: ["php"],
    ...assignmentAsCondition,
    rule: {
      ...assignmentInIf,
      has: {
        field: "right",
        any: [
          { kind: "string" },
          { kind: "encapsed_string" },
          { kind: "integer" },
          { kind: "boolean" },
          { kind: "null" },
        ],
      },
    },
  },
  {
    id: "script/index-as-condition",
    languages: scripts,
    severity: "moderate",
    category: "correctness",
    title: "indexOf is not a yes or no",
    body: "It gives 0 (false) for the first element and -1 (true) for none. Use `includes`.",
    reference: "CWE-480",
    report: "whole",
    tests: "read",
    suggestion: { replace: ".indexOf(", by: ".includes(" },
    rule: {
      pattern: "$LIST.indexOf($X)",
      inside: {
        kind: "parenthesized_expression",
        inside: { any: [{ kind: "if_statement" }, { kind: "while_statement" }] },
      },
    },
  },
];
