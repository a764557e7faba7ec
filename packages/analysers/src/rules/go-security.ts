import type { Rule } from "../rule.ts";

const go = ["go"] as const;

export const goSecurityRules: readonly Rule[] = [
  {
    id: "go/sql-injection",
    languages: go,
    severity: "critical",
    category: "security",
    title: "SQL is built from a value that is not a parameter",
    body:
      "The value becomes part of the SQL text, so whoever controls it can read or change any row that this " +
      'connection can. Pass it as an argument of the query: `db.Query("... WHERE id = $1", id)`.',
    reference: "CWE-89",
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
    reference: "CWE-78",
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
    id: "go/tls-unverified",
    languages: go,
    severity: "moderate",
    category: "security",
    title: "Certificates are not checked",
    body:
      "Any server on the way can now answer in the other's name, and read and change what is sent. For a " +
      "private authority set `RootCAs`.",
    reference: "CWE-295",
    report: "whole",
    tests: "skip",
    rule: { kind: "keyed_element", regex: "^InsecureSkipVerify:\\s*true$" },
  },
  {
    id: "go/weak-random-secret",
    languages: go,
    severity: "moderate",
    category: "security",
    title: "A secret is made with math/rand",
    body: "Its values can be computed from a few earlier ones, or from the seed. Use `crypto/rand`.",
    reference: "CWE-338",
    report: "whole",
    tests: "skip",
    mentions: '"math/rand',
    rule: {
      any: [{ kind: "short_var_declaration" }, { kind: "assignment_statement" }],
      all: [
        {
          has: {
            field: "left",
            regex: "(?i)(token|secret|passw(or)?d|nonce|otp|session_?id|api_?key|salt|csrf)$",
          },
        },
        {
          has: {
            field: "right",
            regex: "\\brand\\.(Int|Intn|Int31|Int31n|Int63|Int63n|Uint32|Uint64|IntN|N|Read)\\(",
          },
        },
      ],
    },
  },
  {
    id: "go/html-injection",
    languages: go,
    severity: "moderate",
    category: "security",
    title: "What the visitor sent is printed as HTML",
    body: "`template.HTML` is not escaped: a link can run a script in its reader's session. Pass the value as it is.",
    reference: "CWE-79",
    report: "whole",
    tests: "skip",
    rule: {
      kind: "call_expression",
      all: [
        { has: { field: "function", regex: "^template\\.(HTML|JS|HTMLAttr)$" } },
        {
          has: {
            field: "arguments",
            regex: "\\.(FormValue|PostFormValue|PathValue)\\(|\\.URL\\.Query\\(\\)",
          },
        },
        { not: { has: { field: "arguments", regex: "(?i)escape|sanitize" } } },
      ],
    },
  },
  {
    id: "go/path-traversal",
    languages: go,
    severity: "moderate",
    category: "security",
    title: "A path is built from the request",
    body: "A value such as `../../etc/passwd` leads out of the folder. Open it through `os.Root`, or take `filepath.Base` of it.",
    reference: "CWE-22",
    report: "whole",
    tests: "skip",
    rule: {
      kind: "call_expression",
      all: [
        {
          has: {
            field: "function",
            regex:
              "^(filepath\\.Join|path\\.Join|os\\.(Open|ReadFile|Create|Remove|OpenFile|WriteFile)|http\\.ServeFile)$",
          },
        },
        {
          has: {
            field: "arguments",
            has: {
              regex: "^\\w+\\.(FormValue|PostFormValue|PathValue)\\(|^\\w+\\.URL\\.Query\\(\\)\\.Get\\(",
            },
          },
        },
      ],
    },
  },
];
