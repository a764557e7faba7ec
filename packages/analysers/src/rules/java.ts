import type { Rule } from "../rule.ts";

/** Java: what its shape gives away. */
export const javaRules: readonly Rule[] = [
  {
    id: "java/sql-injection",
    languages: ["java"],
    severity: "critical",
    category: "security",
    title: "SQL is built by joining strings",
    body: "Whoever controls the value can read or change any row. Use a `PreparedStatement` with `?` and set the value.",
    reference: "CWE-89",
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
    id: "java/tls-unverified",
    languages: ["java"],
    severity: "moderate",
    category: "security",
    title: "Certificates are not checked",
    body: "Any server on the way can now answer in the other's name, and read and change what is sent. For a private authority, give its certificate in a trust store.",
    reference: "CWE-295",
    report: "whole",
    tests: "skip",
    rule: {
      any: [
        { kind: "field_access", regex: "^(\\w+\\.)*NoopHostnameVerifier\\.INSTANCE$" },
        { kind: "field_access", regex: "^(\\w+\\.)*ALLOW_ALL_HOSTNAME_VERIFIER$" },
        {
          kind: "method_declaration",
          all: [
            { has: { field: "name", regex: "^checkServerTrusted$" } },
            { has: { field: "body", regex: "^\\{\\s*\\}$" } },
          ],
        },
      ],
    },
  },
  {
    id: "java/broken-cipher",
    languages: ["java"],
    severity: "moderate",
    category: "security",
    title: "The cipher does not hide its content",
    body: "ECB, which is also what `AES` alone stands for, encrypts equal blocks to equal blocks, and DES and RC4 are broken. Use `AES/GCM/NoPadding`.",
    reference: "CWE-327",
    report: "whole",
    tests: "skip",
    rule: {
      kind: "method_invocation",
      all: [
        { has: { field: "object", regex: "^(javax\\.crypto\\.)?Cipher$" } },
        { has: { field: "name", regex: "^getInstance$" } },
        {
          has: {
            field: "arguments",
            regex: '(?i)^\\(\\s*"((DES|DESede|RC4|RC2|ARCFOUR)["/]|AES("|/ECB/))',
          },
        },
      ],
    },
  },
  {
    id: "java/shell-injection",
    languages: ["java"],
    severity: "critical",
    category: "security",
    title: "A shell command is built from a value",
    body: "A value with `;` or a quote in it runs as a command. Use `ProcessBuilder` with the program and each argument on its own.",
    reference: "CWE-78",
    report: "whole",
    tests: "skip",
    rule: {
      kind: "method_invocation",
      all: [
        { has: { field: "name", regex: "^exec$" } },
        { has: { field: "object", regex: "(?i)runtime(\\(\\))?$" } },
        {
          has: {
            field: "arguments",
            has: {
              nthChild: 1,
              kind: "binary_expression",
              has: {
                any: [{ kind: "identifier", not: { regex: "^[A-Z0-9_]+$" } }, { kind: "method_invocation" }],
              },
            },
          },
        },
      ],
    },
  },
  {
    id: "java/return-in-finally",
    languages: ["java"],
    severity: "moderate",
    category: "correctness",
    title: "return in finally discards the exception",
    body: "It replaces what `try` returned and drops the exception that is on its way. Move it behind the statement.",
    reference: "CWE-584",
    report: "whole",
    tests: "read",
    rule: {
      kind: "return_statement",
      inside: {
        kind: "finally_clause",
        stopBy: {
          any: [{ kind: "finally_clause" }, { kind: "lambda_expression" }, { kind: "method_declaration" }],
        },
      },
    },
  },
  {
    id: "java/error-not-thrown",
    languages: ["java"],
    severity: "moderate",
    category: "correctness",
    title: "The exception is made but not thrown",
    body: "Nothing happens here: the exception is dropped at once and the code goes on. Write `throw` before it.",
    reference: "CWE-390",
    report: "whole",
    tests: "read",
    rule: {
      kind: "expression_statement",
      has: { kind: "object_creation_expression", has: { field: "type", regex: "(Exception|Error)$" } },
    },
  },
];
