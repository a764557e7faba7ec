import type { Rule } from "../rule.ts";

/** Ruby: what its shape gives away. */
export const rubyRules: readonly Rule[] = [
  {
    id: "ruby/sql-injection",
    languages: ["ruby"],
    severity: "critical",
    category: "security",
    title: "SQL is built from a value that is not a parameter",
    body: 'Whoever controls the value can read or change any row. Write `where("name = ?", name)` or `where(name:)`.',
    reference: "CWE-89",
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
    reference: "CWE-78",
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
    severity: "moderate",
    category: "security",
    title: "Certificates are not checked",
    body: "Any server on the way can now answer in the other's name, and read and change what is sent.",
    reference: "CWE-295",
    report: "whole",
    tests: "skip",
    rule: { kind: "scope_resolution", regex: "^OpenSSL::SSL::VERIFY_NONE$" },
  },
  {
    id: "ruby/code-injection",
    languages: ["ruby"],
    severity: "critical",
    category: "security",
    title: "What the visitor sent is run",
    body: "The visitor can run code here. Take the value from a list of allowed ones.",
    reference: "CWE-95",
    report: "whole",
    tests: "skip",
    rule: {
      kind: "call",
      all: [
        {
          has: {
            field: "method",
            regex: "^(eval|instance_eval|class_eval|send|public_send|__send__|constantize|safe_constantize)$",
          },
        },
        {
          any: [
            { has: { field: "arguments", has: { nthChild: 1, regex: "^(params|cookies)\\[" } } },
            {
              all: [
                { has: { field: "receiver", regex: "^(params|cookies)\\[" } },
                { has: { field: "method", regex: "constantize$" } },
              ],
            },
          ],
        },
      ],
    },
  },
  {
    id: "ruby/unsafe-load",
    languages: ["ruby"],
    severity: "critical",
    category: "security",
    title: "What the visitor sent is loaded as objects",
    body: "The document can name any class to build, and so run commands. Use JSON, or `YAML.safe_load`.",
    reference: "CWE-502",
    report: "whole",
    tests: "skip",
    rule: {
      kind: "call",
      all: [
        { has: { field: "receiver", regex: "^(Marshal|YAML|Psych)$" } },
        { has: { field: "method", regex: "^(load|unsafe_load)$" } },
        { has: { field: "arguments", regex: "\\b(params|cookies|request)\\b" } },
      ],
    },
  },
  {
    id: "ruby/open-redirect",
    languages: ["ruby"],
    severity: "minor",
    category: "security",
    title: "The redirect's address comes from the request",
    body: "A link to this site can send its reader to any other, which makes a convincing phish. Redirect to paths of this site only.",
    reference: "CWE-601",
    report: "whole",
    tests: "skip",
    rule: {
      kind: "call",
      all: [
        { has: { field: "method", regex: "^redirect_to$" } },
        { has: { field: "arguments", has: { nthChild: 1, regex: "^params(\\[|\\.fetch|\\.require)" } } },
      ],
    },
  },
  {
    id: "ruby/html-injection",
    languages: ["ruby"],
    severity: "moderate",
    category: "security",
    title: "What the visitor sent is printed as HTML",
    body: "A link can run a script in its reader's session. Leave it to be escaped, or `sanitize` it.",
    reference: "CWE-79",
    report: "whole",
    tests: "skip",
    rule: {
      kind: "call",
      any: [
        {
          all: [
            { has: { field: "method", regex: "^html_safe$" } },
            { has: { field: "receiver", regex: "^(params|cookies)\\[" } },
          ],
        },
        {
          all: [
            { has: { field: "method", regex: "^raw$" } },
            { has: { field: "arguments", has: { nthChild: 1, regex: "^(params|cookies)\\[" } } },
          ],
        },
      ],
    },
  },
  {
    id: "ruby/mass-assignment",
    languages: ["ruby"],
    severity: "moderate",
    category: "security",
    title: "The visitor may set every attribute",
    body: "`permit!` lets all parameters through, those that make an administrator included. Name the ones that may be set.",
    reference: "CWE-915",
    report: "whole",
    tests: "skip",
    rule: {
      kind: "call",
      all: [
        { has: { field: "method", regex: "^permit!$" } },
        { has: { field: "receiver", regex: "^params\\b" } },
      ],
    },
  },
];
