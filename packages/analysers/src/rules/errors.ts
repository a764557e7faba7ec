import { scripts, type Rule } from "../rule.ts";

/** Work whose failure is often of no interest: closing, removing, cancelling. */
const cleanup =
  "(?i)unlink|\\brm|remove|clos|kill|abort|cancel|destroy|dispos|release|disconnect|revoke|unsubscribe|storage|\\bend\\(|stop|cleanup|focus|scroll|terminate|unref|flush|play\\(|exit|url\\(";
export const errorRules: readonly Rule[] = [
  {
    id: "script/swallowed-error",
    languages: scripts,
    severity: "minor",
    category: "reliability",
    title: "The error is swallowed",
    body:
      "When this fails, nobody learns of it: no log, no rethrow, and the code goes on as if it had worked. " +
      "Handle the error, let it through, or say in a comment why it may be ignored.",
    reference: "CWE-390",
    report: "head",
    tests: "skip",
    rule: {
      kind: "catch_clause",
      all: [
        { has: { field: "body", kind: "statement_block", regex: "^\\{\\s*\\}$" } },
        { not: { inside: { kind: "try_statement", has: { field: "body", regex: cleanup } } } },
        // One line that may fail, with no name for the error: an attempt, and meant as one.
        {
          not: {
            all: [
              { not: { has: { field: "parameter", regex: "." } } },
              { inside: { kind: "try_statement", has: { field: "body", regex: "^\\{\\s*[^\\n]*\\s*\\}$" } } },
            ],
          },
        },
      ],
    },
  },
  {
    id: "script/error-not-thrown",
    languages: scripts,
    severity: "moderate",
    category: "correctness",
    title: "The error is made but not thrown",
    body: "Nothing happens here: the error is dropped at once and the code goes on. Write `throw` before it.",
    reference: "CWE-390",
    report: "whole",
    tests: "read",
    suggestion: { replace: "new ", by: "throw new " },
    rule: {
      kind: "expression_statement",
      has: {
        kind: "new_expression",
        has: { field: "constructor", regex: "(^|\\.)[A-Z]\\w*(Error|Exception)$|^Error$" },
      },
    },
  },
  {
    id: "python/swallowed-error",
    languages: ["python"],
    severity: "minor",
    category: "reliability",
    title: "Every error is swallowed",
    body:
      "All errors end here without a trace, those of a typing slip included, and the code goes on as if it had " +
      "worked. Catch the exception that is expected, and log or raise the rest.",
    reference: "CWE-390",
    report: "head",
    tests: "skip",
    rule: {
      kind: "except_clause",
      all: [
        { regex: "^except\\s*(:|(Base)?Exception(\\s+as\\s+\\w+)?\\s*:)" },
        { has: { kind: "block", regex: "^(pass|continue|\\.\\.\\.)\\s*$" } },
        { not: { regex: "#" } },
        {
          not: {
            inside: {
              kind: "try_statement",
              any: [{ has: { field: "body", regex: cleanup } }, { has: { kind: "else_clause" } }],
            },
          },
        },
      ],
    },
  },
  {
    id: "python/error-not-raised",
    languages: ["python"],
    severity: "moderate",
    category: "correctness",
    title: "The exception is made but not raised",
    body: "Nothing happens here: the exception is dropped at once and the code goes on. Write `raise` before it.",
    reference: "CWE-390",
    report: "whole",
    tests: "read",
    rule: {
      kind: "expression_statement",
      regex: "^([a-z_]+\\.)?[A-Z]\\w*(Error|Exception)\\(",
      has: { kind: "call" },
    },
  },
  {
    id: "java/swallowed-error",
    languages: ["java"],
    severity: "minor",
    category: "reliability",
    title: "The exception is swallowed",
    body:
      "When this fails, nobody learns of it. Handle the exception, let it through, or say in a comment why it " +
      "may be ignored.",
    reference: "CWE-390",
    report: "head",
    tests: "skip",
    rule: {
      kind: "catch_clause",
      all: [
        { has: { field: "body", regex: "^\\{\\s*\\}$" } },
        { not: { regex: "\\b(ignore\\w*|expected|unused|_)\\)" } },
        {
          not: {
            inside: {
              stopBy: "neighbor",
              kind: "try_statement",
              has: { field: "body", regex: "(?i)close|delete|shutdown" },
            },
          },
        },
      ],
    },
  },
  {
    id: "ruby/swallowed-error",
    languages: ["ruby"],
    severity: "minor",
    category: "reliability",
    title: "Every error is swallowed",
    body: "All errors end here without a trace. Rescue the error that is expected, and log or raise the rest.",
    reference: "CWE-390",
    report: "head",
    tests: "skip",
    rule: {
      kind: "rescue",
      all: [
        {
          regex: "^rescue(\\s+(StandardError|Exception))?(\\s*=>\\s*\\w+)?(\\s+then)?(\\s*\\n\\s*nil)?\\s*$",
        },
        { not: { regex: "#" } },
      ],
    },
  },
];
