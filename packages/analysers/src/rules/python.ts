import type { Rule } from "../rule.ts";

const python = ["python"] as const;

const mutated = "append|extend|add|update|insert|pop|setdefault|remove|clear";

export const pythonRules: readonly Rule[] = [
  {
    id: "python/mutable-default",
    languages: python,
    severity: "moderate",
    category: "correctness",
    title: "The default value is shared by all calls",
    body:
      "A default is made once, when the function is defined. This one is changed in the body, so each call sees " +
      "what the earlier ones left in it. Use `None` as the default and make the value inside.",
    reference: "https://docs.python.org/3/faq/programming.html#why-are-default-values-shared-between-objects",
    report: "whole",
    tests: "read",
    rule: {
      any: [{ kind: "default_parameter" }, { kind: "typed_default_parameter" }],
      all: [
        // A default that is named a cache is meant to be shared.
        { not: { regex: "(?i)^(_|\\w*(cache|memo|seen))" } },
        { any: [{ has: { field: "name", pattern: "$P" } }, { has: { kind: "identifier", pattern: "$P" } }] },
        {
          has: {
            field: "value",
            any: [
              { kind: "list" },
              { kind: "dictionary" },
              { kind: "set" },
              { kind: "call", regex: "^(list|dict|set|defaultdict)\\(" },
            ],
          },
        },
        {
          inside: {
            kind: "parameters",
            inside: {
              kind: "function_definition",
              has: {
                field: "body",
                any: [
                  {
                    has: {
                      stopBy: "end",
                      kind: "call",
                      has: {
                        field: "function",
                        kind: "attribute",
                        all: [
                          { has: { field: "object", pattern: "$P" } },
                          { has: { field: "attribute", regex: `^(${mutated})$` } },
                        ],
                      },
                    },
                  },
                  {
                    has: {
                      stopBy: "end",
                      kind: "assignment",
                      has: { field: "left", kind: "subscript", has: { field: "value", pattern: "$P" } },
                    },
                  },
                ],
              },
            },
          },
        },
      ],
    },
  },
  {
    id: "python/request-without-timeout",
    languages: python,
    severity: "minor",
    category: "reliability",
    title: "The request can wait for ever",
    body:
      "`requests` has no time limit of its own: a server that accepts and never answers holds this thread for " +
      "good. Pass `timeout=` in seconds.",
    reference: "CWE-400",
    report: "whole",
    tests: "skip",
    rule: {
      kind: "call",
      all: [
        {
          has: { field: "function", regex: "^requests\\.(get|post|put|patch|delete|head|options|request)$" },
        },
        {
          not: {
            has: {
              field: "arguments",
              any: [
                { has: { kind: "keyword_argument", regex: "^timeout\\b" } },
                { has: { kind: "dictionary_splat" } },
              ],
            },
          },
        },
      ],
    },
  },
  {
    id: "python/coroutine-not-awaited",
    languages: python,
    severity: "moderate",
    category: "correctness",
    title: "The coroutine is never run",
    body: "Calling an `async def` only makes a coroutine: without `await` none of its code runs.",
    reference: "CWE-252",
    report: "whole",
    tests: "read",
    rule: {
      kind: "expression_statement",
      has: { kind: "call", has: { field: "function", kind: "identifier", pattern: "$F" } },
    },
    declared: {
      kind: "function_definition",
      regex: "^async\\b",
      has: { field: "name", pattern: "$F" },
      inside: { kind: "module" },
    },
  },
  {
    id: "python/changed-while-iterated",
    languages: python,
    severity: "moderate",
    category: "correctness",
    title: "The collection is changed while it is iterated",
    body:
      "A dict raises `RuntimeError` here, and a list skips the element behind each removed one. Iterate over a " +
      "copy (`list(xs)`), or build a new collection.",
    reference: "CWE-662",
    report: "whole",
    tests: "read",
    rule: {
      kind: "expression_statement",
      all: [
        {
          has: {
            kind: "call",
            has: {
              field: "function",
              kind: "attribute",
              all: [
                { has: { field: "attribute", regex: "^remove$" } },
                { has: { field: "object", pattern: "$XS" } },
              ],
            },
          },
        },
        { inside: { kind: "for_statement", stopBy: "end", has: { field: "right", pattern: "$XS" } } },
        {
          not: {
            precedes: { any: [{ kind: "break_statement" }, { kind: "return_statement" }], stopBy: "end" },
          },
        },
      ],
    },
  },
];
