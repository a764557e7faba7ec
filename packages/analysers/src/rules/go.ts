import type { Rule } from "../rule.ts";

const go = ["go"] as const;
const enclosing = {
  any: [{ kind: "function_declaration" }, { kind: "method_declaration" }, { kind: "func_literal" }],
};

export const goRules: readonly Rule[] = [
  {
    id: "go/swallowed-error",
    languages: go,
    severity: "moderate",
    category: "reliability",
    title: "The error is dropped and success is returned",
    body: "The caller is told that all went well. Return the error, or say in a comment why it may be dropped.",
    reference: "CWE-390",
    report: "whole",
    tests: "skip",
    rule: {
      kind: "return_statement",
      all: [
        { regex: "^return (.*,\\s*)?nil$" },
        {
          inside: {
            kind: "statement_list",
            all: [
              { has: { nthChild: { position: 1, reverse: true }, kind: "return_statement" } },
              { not: { has: { nthChild: 2 } } },
              {
                inside: {
                  kind: "block",
                  not: { has: { kind: "comment" } },
                  inside: { kind: "if_statement", has: { field: "condition", regex: "^err != nil$" } },
                },
              },
            ],
          },
        },
        {
          inside: {
            stopBy: enclosing,
            ...enclosing,
            has: { field: "result", regex: "^error$|,\\s*(err )?error\\)$" },
          },
        },
      ],
    },
  },
  {
    id: "go/ignored-parse-error",
    languages: go,
    severity: "minor",
    category: "reliability",
    title: "The error of this conversion is ignored",
    body: "Where the text is not what is expected, the code goes on with zero values. Check the error.",
    reference: "CWE-252",
    report: "whole",
    tests: "skip",
    rule: {
      any: [
        {
          any: [{ kind: "short_var_declaration" }, { kind: "assignment_statement" }],
          all: [
            { has: { field: "left", regex: ",\\s*_$" } },
            { has: { field: "right", regex: "^strconv\\.(Atoi|ParseInt|ParseUint|ParseFloat)\\(" } },
          ],
        },
        { kind: "assignment_statement", regex: "^_ = (json|xml|yaml|toml|proto)\\.Unmarshal\\(" },
        { kind: "expression_statement", regex: "^(json|xml|yaml|toml|proto)\\.Unmarshal\\(" },
      ],
    },
  },
  {
    id: "go/ignored-commit-error",
    languages: go,
    severity: "moderate",
    category: "reliability",
    title: "The error of the commit is ignored",
    body: "A transaction can fail at its commit: then nothing was saved, and the code goes on as if it was.",
    reference: "CWE-252",
    report: "whole",
    tests: "skip",
    rule: {
      any: [
        { kind: "expression_statement", regex: "^(tx|txn|transaction)\\.Commit\\([^()]*\\)$" },
        { kind: "assignment_statement", regex: "^_ = (tx|txn|transaction)\\.Commit\\([^()]*\\)$" },
      ],
    },
  },
  {
    id: "go/defer-in-loop",
    languages: go,
    severity: "minor",
    category: "reliability",
    title: "defer in a loop runs only when the function returns",
    body: "Each round keeps its file, lock or connection until then. Move the round's work into a function of its own.",
    reference: "CWE-772",
    report: "whole",
    tests: "skip",
    rule: {
      kind: "defer_statement",
      regex: "(?i)\\.(close|unlock|runlock|stop|release)\\(",
      inside: { kind: "for_statement", stopBy: { any: [{ kind: "for_statement" }, ...enclosing.any] } },
      // A loop that ends in this round holds one of them only.
      not: { precedes: { any: [{ kind: "return_statement" }, { kind: "break_statement" }], stopBy: "end" } },
    },
  },
  {
    id: "go/response-not-closed",
    languages: go,
    severity: "minor",
    category: "reliability",
    title: "The response's body is never closed",
    body: "Its connection is not reused and stays open. Write `defer resp.Body.Close()` behind the error check.",
    reference: "CWE-772",
    report: "whole",
    tests: "skip",
    rule: {
      pattern: "$RESPONSE, $ERR := http.$GET($$$)",
      inside: {
        stopBy: "end",
        any: [{ kind: "function_declaration" }, { kind: "method_declaration" }],
        not: { regex: "\\.Body\\.Close|return (resp|response|res|r)\\b|\\.Close\\(" },
      },
    },
    constraints: { GET: { regex: "^(Get|Post|PostForm|Head)$" } },
  },
  {
    id: "go/lock-not-released",
    languages: go,
    severity: "moderate",
    category: "reliability",
    title: "This lock is never released",
    body: "The next one to take it waits for ever. Write `defer mu.Unlock()` behind it.",
    reference: "CWE-772",
    report: "whole",
    tests: "skip",
    rule: {
      kind: "expression_statement",
      regex: "\\.R?Lock\\(\\)$",
      inside: {
        stopBy: "end",
        any: [{ kind: "function_declaration" }, { kind: "method_declaration" }],
        not: {
          any: [{ regex: "Unlock" }, { has: { field: "name", regex: "(?i)lock|acquire|begin|start|enter" } }],
        },
      },
    },
  },
  {
    id: "go/wait-group-race",
    languages: go,
    severity: "moderate",
    category: "correctness",
    title: "The wait group is raised inside the goroutine",
    body: "`Wait` may return before the goroutine has begun. Call `Add` before the `go` statement.",
    reference: "CWE-362",
    report: "whole",
    tests: "read",
    rule: {
      kind: "expression_statement",
      regex: "^\\w*([wW]g|[wW]aitGroup)\\.Add\\(1\\)$",
      inside: {
        kind: "statement_list",
        inside: {
          kind: "block",
          inside: {
            kind: "func_literal",
            inside: { kind: "call_expression", inside: { kind: "go_statement" } },
          },
        },
      },
    },
  },
];
