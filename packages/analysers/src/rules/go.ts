import type { Rule } from "../rule.ts";

const go = ["go"] as const;
const enclosing = {
  any: [{ kind: "function_declaration" }, { kind: "method_declaration" }, { kind: "func_literal" }],
};

export const goRules: readonly Rule[] = [
  {
    id: "go/sql-injection",
    languages: go,
    severity: "critical",
    category: "security",
    title: "SQL is built from a value that is not a parameter",
    body:
      "The value becomes part of the SQL text, so whoever controls it can read or change any row that this " +
      'connection can. Pass it as an argument of the query: `db.Query("... WHERE id = $1", id)`.',
    report: "whole",
    tests: "skip",
    rule: {
      any: [
        { pattern: "fmt.Sprintf($SQL, $$$)" },
        {
          kind: "binary_expression",
          regex:
            '(?is)^["`]\\s*(select\\s.+\\sfrom|insert\\s+into|update\\s.+\\sset|delete\\s+from)\\s.*[=\'%]\\s*["`]\\s*\\+',
        },
      ],
      inside: {
        kind: "argument_list",
        inside: {
          kind: "call_expression",
          has: {
            field: "function",
            regex: "\\.(Query|QueryRow|Exec|QueryContext|QueryRowContext|ExecContext|Raw|Queryx)$",
          },
        },
      },
    },
    constraints: {
      SQL: {
        regex: "(?is)^[\"`]\\s*(select|insert|update|delete)\\s.*('%[svq]|[=<>]\\s*'?%[svq]|like\\s+'%%%s)",
      },
    },
  },
  {
    id: "go/shell-injection",
    languages: go,
    severity: "critical",
    category: "security",
    title: "A shell command is built from a value",
    body:
      "The string is handed to a shell: a value with `;` or a quote in it runs as a command. Call the program " +
      "itself, with one argument a value.",
    report: "whole",
    tests: "skip",
    rule: {
      any: [
        { pattern: 'exec.Command($SH, "-c", $COMMAND)' },
        { pattern: 'exec.CommandContext($CTX, $SH, "-c", $COMMAND)' },
      ],
    },
    constraints: {
      SH: { regex: 'sh"$' },
      COMMAND: {
        any: [
          { regex: "^fmt\\.Sprintf" },
          {
            kind: "binary_expression",
            has: { any: [{ kind: "identifier" }, { kind: "selector_expression" }] },
          },
        ],
      },
    },
  },
  {
    id: "go/swallowed-error",
    languages: go,
    severity: "high",
    category: "reliability",
    title: "The error is dropped and success is returned",
    body: "The caller is told that all went well. Return the error, or say in a comment why it may be dropped.",
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
    id: "go/tls-unverified",
    languages: go,
    severity: "high",
    category: "security",
    title: "Certificates are not checked",
    body:
      "Any server on the way can now answer in the other's name, and read and change what is sent. For a " +
      "private authority set `RootCAs`.",
    report: "whole",
    tests: "skip",
    rule: { kind: "keyed_element", regex: "^InsecureSkipVerify:\\s*true$" },
  },
  {
    id: "go/ignored-parse-error",
    languages: go,
    severity: "medium",
    category: "reliability",
    title: "The error of this conversion is ignored",
    body: "Where the text is not what is expected, the code goes on with zero values. Check the error.",
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
    severity: "high",
    category: "reliability",
    title: "The error of the commit is ignored",
    body: "A transaction can fail at its commit: then nothing was saved, and the code goes on as if it was.",
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
    severity: "medium",
    category: "reliability",
    title: "defer in a loop runs only when the function returns",
    body: "Each round keeps its file, lock or connection until then. Move the round's work into a function of its own.",
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
    severity: "medium",
    category: "reliability",
    title: "The response's body is never closed",
    body: "Its connection is not reused and stays open. Write `defer resp.Body.Close()` behind the error check.",
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
    severity: "high",
    category: "reliability",
    title: "This lock is never released",
    body: "The next one to take it waits for ever. Write `defer mu.Unlock()` behind it.",
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
    severity: "high",
    category: "correctness",
    title: "The wait group is raised inside the goroutine",
    body: "`Wait` may return before the goroutine has begun. Call `Add` before the `go` statement.",
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
