import type { Rule } from "../rule.ts";

const fromVisitor = "^\\$_(GET|POST|REQUEST|COOKIE|SERVER)\\b";

/** PHP: what its shape gives away. */
export const phpRules: readonly Rule[] = [
  {
    id: "php/sql-injection",
    languages: ["php"],
    severity: "critical",
    category: "security",
    title: "SQL is built from what the visitor sent",
    body: "The visitor can read or change any row. Prepare the statement and bind the value.",
    reference: "CWE-89",
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
    severity: "moderate",
    category: "security",
    title: "What the visitor sent is printed as HTML",
    body: "A link can run a script in its reader's session. Print `htmlspecialchars(...)` of it.",
    reference: "CWE-79",
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
    reference: "CWE-94",
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
    id: "php/file-inclusion",
    languages: ["php"],
    severity: "critical",
    category: "security",
    title: "The visitor chooses the file that is run",
    body: "The visitor can run any file of the server, or read it. Take the name from a list of allowed ones.",
    reference: "CWE-98",
    report: "whole",
    tests: "skip",
    rule: {
      any: [
        "include_expression",
        "include_once_expression",
        "require_expression",
        "require_once_expression",
      ].map((kind) => ({ kind })),
      all: [
        {
          has: {
            stopBy: { kind: "function_call_expression" },
            kind: "subscript_expression",
            regex: fromVisitor,
          },
        },
      ],
    },
  },
  {
    id: "php/tls-unverified",
    languages: ["php"],
    severity: "moderate",
    category: "security",
    title: "Certificates are not checked",
    body: "Any server on the way can now answer in the other's name, and read and change what is sent. For a private authority set `CURLOPT_CAINFO`.",
    reference: "CWE-295",
    report: "whole",
    tests: "skip",
    rule: {
      kind: "function_call_expression",
      all: [
        { has: { field: "function", regex: "^curl_setopt$" } },
        { has: { field: "arguments", regex: "CURLOPT_SSL_VERIFY(PEER|HOST)\\s*,\\s*(?i:false|0)\\s*\\)$" } },
      ],
    },
  },
  {
    id: "php/weak-password-hash",
    languages: ["php"],
    severity: "moderate",
    category: "security",
    title: "A password is stored as a fast hash",
    body: "A fast hash lets whoever has the table try billions of passwords a second. Use `password_hash`.",
    reference: "CWE-916",
    report: "whole",
    tests: "skip",
    rule: {
      kind: "function_call_expression",
      all: [
        { has: { field: "function", regex: "^(md5|sha1|crc32)$" } },
        { has: { field: "arguments", regex: "(?i)(passw(or)?d|passphrase)[\"'\\]]*\\)$" } },
      ],
    },
  },
];
