import type { Rule } from "../rule.ts";

const fromVisitor = "^\\$_(GET|POST|REQUEST|COOKIE|SERVER)\\b";

/** PHP, Ruby, Java and Rust: the mistakes of the web that their shapes give away. */
export const webLanguageRules: readonly Rule[] = [
  {
    id: "php/sql-injection",
    languages: ["php"],
    severity: "critical",
    category: "security",
    title: "SQL is built from what the visitor sent",
    body: "The visitor can read or change any row. Prepare the statement and bind the value.",
    report: "whole",
    tests: "skip",
    rule: {
      any: [{ kind: "encapsed_string" }, { kind: "binary_expression" }],
      all: [
        { regex: "(?i)^[\"'](select|insert|update|delete)\\s" },
        { has: { stopBy: "end", kind: "subscript_expression", regex: fromVisitor } },
        { not: { regex: "(?i)escape|quote|intval|\\(int\\)" } },
      ],
    },
  },
  {
    id: "php/cross-site-scripting",
    languages: ["php"],
    severity: "high",
    category: "security",
    title: "What the visitor sent is printed as HTML",
    body: "A link can run a script in its reader's session. Print `htmlspecialchars(...)` of it.",
    report: "whole",
    tests: "skip",
    rule: {
      kind: "echo_statement",
      has: {
        any: [
          { kind: "subscript_expression", regex: fromVisitor },
          {
            kind: "binary_expression",
            has: {
              stopBy: { kind: "function_call_expression" },
              kind: "subscript_expression",
              regex: fromVisitor,
            },
          },
        ],
      },
    },
  },
  {
    id: "php/unsafe-call",
    languages: ["php"],
    severity: "critical",
    category: "security",
    title: "What the visitor sent is run",
    body: "The visitor can run code or commands here. Take the value from a list of allowed ones.",
    report: "whole",
    tests: "skip",
    rule: {
      kind: "function_call_expression",
      all: [
        { has: { field: "function", regex: "^(unserialize|eval|exec|system|shell_exec|passthru|popen)$" } },
        {
          has: {
            field: "arguments",
            has: {
              kind: "argument",
              has: {
                stopBy: { kind: "function_call_expression" },
                kind: "subscript_expression",
                regex: fromVisitor,
              },
            },
          },
        },
      ],
    },
  },
  {
    id: "ruby/sql-injection",
    languages: ["ruby"],
    severity: "critical",
    category: "security",
    title: "SQL is built from a value that is not a parameter",
    body: 'Whoever controls the value can read or change any row. Write `where("name = ?", name)` or `where(name:)`.',
    report: "whole",
    tests: "skip",
    rule: {
      kind: "call",
      all: [
        {
          has: {
            field: "method",
            regex: "^(where|find_by_sql|execute|exec_query|select_all|having|order|delete_all|update_all)$",
          },
        },
        {
          has: {
            field: "arguments",
            has: {
              kind: "string",
              has: { kind: "interpolation", regex: "(?i)params|request|cookies" },
              not: { regex: "quote|sanitize|to_i\\}" },
            },
          },
        },
      ],
    },
  },
  {
    id: "ruby/shell-injection",
    languages: ["ruby"],
    severity: "critical",
    category: "security",
    title: "A shell command is built from the request",
    body: "The string is handed to a shell. Call `system` with the program and its arguments as separate values.",
    report: "whole",
    tests: "skip",
    rule: {
      any: [
        {
          kind: "call",
          all: [
            { has: { field: "method", regex: "^(system|exec|spawn|popen)$" } },
            {
              has: {
                field: "arguments",
                has: { nthChild: 1, kind: "string", has: { kind: "interpolation", regex: "params|request" } },
              },
            },
          ],
        },
        { kind: "subshell", has: { kind: "interpolation", regex: "params|request" } },
      ],
      not: { regex: "shellescape|Shellwords" },
    },
  },
  {
    id: "ruby/tls-unverified",
    languages: ["ruby"],
    severity: "high",
    category: "security",
    title: "Certificates are not checked",
    body: "Any server on the way can now answer in the other's name, and read and change what is sent.",
    report: "whole",
    tests: "skip",
    rule: { kind: "scope_resolution", regex: "^OpenSSL::SSL::VERIFY_NONE$" },
  },
  {
    id: "java/sql-injection",
    languages: ["java"],
    severity: "critical",
    category: "security",
    title: "SQL is built by joining strings",
    body: "Whoever controls the value can read or change any row. Use a `PreparedStatement` with `?` and set the value.",
    report: "whole",
    tests: "skip",
    rule: {
      kind: "binary_expression",
      all: [
        {
          regex:
            '(?is)^"\\s*(select\\s.+\\sfrom|insert\\s+into|update\\s.+\\sset|delete\\s+from)\\s.*[=\'%]\\s*"\\s*\\+',
        },
        {
          inside: {
            kind: "argument_list",
            inside: {
              kind: "method_invocation",
              has: {
                field: "name",
                regex:
                  "^(executeQuery|executeUpdate|execute|prepareStatement|createQuery|createNativeQuery|query|queryForObject|queryForList|update)$",
              },
            },
          },
        },
      ],
    },
  },
  {
    id: "rust/tls-unverified",
    languages: ["rust"],
    severity: "high",
    category: "security",
    title: "Certificates are not checked",
    body: "Any server on the way can now answer in the other's name, and read and change what is sent.",
    report: "whole",
    tests: "skip",
    rule: {
      kind: "field_identifier",
      regex: "^danger_accept_invalid_(certs|hostnames)$",
      inside: { kind: "field_expression", inside: { kind: "call_expression", regex: "\\(true\\)$" } },
    },
  },
  {
    id: "rust/sql-injection",
    languages: ["rust"],
    severity: "critical",
    category: "security",
    title: "SQL is built from a value that is not a parameter",
    body: "Whoever controls the value can read or change any row. Write `$1` in the statement and `bind` the value.",
    report: "whole",
    tests: "skip",
    rule: {
      kind: "macro_invocation",
      regex: "(?is)^format!\\(\\s*r?#?\"\\s*(select|insert|update|delete)\\s.*([=<>]\\s*|'%?)\\{",
      inside: {
        stopBy: { kind: "call_expression" },
        kind: "arguments",
        inside: {
          kind: "call_expression",
          has: {
            field: "function",
            regex: "(query|query_as|query_scalar|execute|fetch_one|fetch_all|prepare)(::<.*>)?$",
          },
        },
      },
    },
  },
  {
    id: "rust/blocking-in-async",
    languages: ["rust"],
    severity: "medium",
    category: "performance",
    title: "This blocks the executor's thread",
    body: "No other task on this thread runs while it sleeps. Await the runtime's own sleep (`tokio::time::sleep`).",
    report: "whole",
    tests: "skip",
    rule: {
      kind: "call_expression",
      all: [
        { has: { field: "function", regex: "^(std::)?thread::sleep$" } },
        {
          inside: {
            stopBy: { any: [{ kind: "function_item" }, { kind: "closure_expression" }] },
            kind: "function_item",
            has: { kind: "function_modifiers", regex: "async" },
          },
        },
      ],
    },
  },
];
