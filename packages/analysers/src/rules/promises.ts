import { scripts, type Rule } from "../rule.ts";

const asyncCallback = {
  any: [{ kind: "arrow_function" }, { kind: "function_expression" }],
  regex: "^async\\b",
};

/** An `async` function at the top level of its file that may fail, its name as `$F`. */
const asyncFunction = {
  kind: "function_declaration",
  regex: "^async\\b",
  has: { field: "name", pattern: "$F" },
  all: [
    { not: { has: { kind: "statement_block", has: { kind: "try_statement" } } } },
    {
      inside: {
        any: [{ kind: "program" }, { kind: "export_statement", inside: { kind: "program" } }],
      },
    },
  ],
};

const insideFunction = {
  inside: {
    stopBy: "end" as const,
    any: [
      { kind: "function_declaration" },
      { kind: "arrow_function" },
      { kind: "function_expression" },
      { kind: "method_definition" },
    ],
  },
};

export const promiseRules: readonly Rule[] = [
  {
    id: "script/async-for-each",
    languages: scripts,
    severity: "moderate",
    category: "correctness",
    title: "forEach does not wait for its async callback",
    body:
      "`forEach` drops the promises: the code after it runs before the work is done, and a rejection is " +
      "unhandled, which ends a Node process. Use `for (const x of xs) await ...`, or " +
      "`await Promise.all(xs.map(async (x) => ...))`.",
    reference: "https://developer.mozilla.org/docs/Web/JavaScript/Reference/Global_Objects/Array/forEach",
    report: "head",
    tests: "read",
    rule: {
      kind: "call_expression",
      all: [
        {
          has: {
            field: "function",
            kind: "member_expression",
            has: { field: "property", regex: "^forEach$" },
          },
        },
        { not: { has: { field: "function", regex: "(?i)cursor|stream|iterator|find\\(|aggregate\\(" } } },
        { has: { field: "arguments", has: asyncCallback } },
        {
          not: {
            has: {
              field: "arguments",
              has: { ...asyncCallback, has: { kind: "statement_block", has: { kind: "try_statement" } } },
            },
          },
        },
      ],
    },
  },
  {
    id: "script/async-predicate",
    languages: scripts,
    severity: "moderate",
    category: "correctness",
    title: "An async callback always counts as true here",
    body:
      "The callback returns a promise, and a promise is truthy whatever it resolves to: the condition is never " +
      "evaluated. Await the answers first (`await Promise.all(xs.map(...))`) and then filter by them.",
    reference: "CWE-480",
    report: "head",
    tests: "read",
    rule: {
      kind: "call_expression",
      all: [
        {
          has: {
            field: "function",
            kind: "member_expression",
            has: { field: "property", regex: "^(filter|some|every|find|findIndex|findLast|sort|toSorted)$" },
          },
        },
        { has: { field: "arguments", has: { ...asyncCallback, nthChild: 1 } } },
        {
          not: { has: { field: "function", regex: "(?i)^(async|Effect|stream|p\\b)|stream|iterator|pipe" } },
        },
      ],
    },
  },
  {
    id: "script/discarded-promises",
    languages: scripts,
    severity: "moderate",
    category: "correctness",
    title: "These promises are not awaited",
    body:
      "The result is dropped, so nothing waits for the work, and a rejection is unhandled. Put `await` before " +
      "it (`await Promise.all(...)`) or return it.",
    reference: "CWE-252",
    report: "head",
    tests: "read",
    rule: {
      kind: "expression_statement",
      any: [
        {
          has: {
            kind: "call_expression",
            has: { field: "function", regex: "^Promise\\.(all|allSettled|any|race)$" },
          },
        },
        {
          has: {
            kind: "call_expression",
            all: [
              {
                has: {
                  field: "function",
                  kind: "member_expression",
                  has: { field: "property", regex: "^map$" },
                },
              },
              { has: { field: "arguments", has: asyncCallback } },
            ],
          },
        },
      ],
    },
  },
  {
    id: "script/floating-promise",
    languages: scripts,
    severity: "moderate",
    category: "correctness",
    title: "A call of an async function is not awaited",
    body:
      "This function is declared `async` in this file. Nothing waits for it here, and if it fails, the " +
      "rejection is unhandled. Put `await` before the call, or handle its rejection with `.catch`.",
    reference: "CWE-252",
    report: "whole",
    tests: "read",
    rule: {
      kind: "expression_statement",
      all: [
        { has: { kind: "call_expression", has: { field: "function", kind: "identifier", pattern: "$F" } } },
        insideFunction,
      ],
    },
    declared: asyncFunction,
  },
  {
    id: "script/promise-as-condition",
    languages: scripts,
    severity: "moderate",
    category: "correctness",
    title: "A promise is used as a condition",
    body:
      "This function is declared `async` in this file: without `await` the condition is a promise, which is " +
      "always true.",
    reference: "CWE-480",
    report: "whole",
    tests: "read",
    rule: {
      kind: "call_expression",
      all: [
        { has: { field: "function", kind: "identifier", pattern: "$F" } },
        {
          any: [
            {
              inside: {
                kind: "parenthesized_expression",
                inside: { any: [{ kind: "if_statement" }, { kind: "while_statement" }] },
              },
            },
            { inside: { kind: "unary_expression", regex: "^!" } },
          ],
        },
      ],
    },
    declared: asyncFunction,
  },
  {
    id: "script/async-effect",
    languages: scripts,
    severity: "minor",
    category: "correctness",
    title: "useEffect is given an async function",
    body:
      "React takes the returned promise for the effect's cleanup: the cleanup never runs and a rejection is " +
      "unhandled. Declare the async function inside the effect and call it there.",
    reference: "https://react.dev/reference/react/useEffect",
    report: "head",
    tests: "read",
    rule: {
      kind: "call_expression",
      all: [
        { has: { field: "function", regex: "^(React\\.)?use(Layout|Insertion)?Effect$" } },
        { has: { field: "arguments", has: { ...asyncCallback, nthChild: 1 } } },
      ],
    },
  },
];
