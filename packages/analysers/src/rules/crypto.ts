import { scripts, type Rule } from "../rule.ts";

const tlsBody =
  "Any server on the way can now answer in the other's name, and read and change what is sent. Keep the check " +
  "on; for a private authority, add its certificate (`ca`).";

export const cryptoRules: readonly Rule[] = [
  {
    id: "script/tls-unverified",
    languages: scripts,
    severity: "moderate",
    category: "security",
    title: "Certificates are not checked",
    body: tlsBody,
    reference: "CWE-295",
    report: "whole",
    tests: "skip",
    rule: {
      any: [
        { kind: "pair", regex: "^[\"']?rejectUnauthorized[\"']?\\s*:\\s*false$" },
        { kind: "assignment_expression", regex: "NODE_TLS_REJECT_UNAUTHORIZED[\"'\\]]*\\s*=\\s*[\"'`]?0" },
      ],
    },
  },
  {
    id: "script/broken-cipher",
    languages: scripts,
    severity: "moderate",
    category: "security",
    title: "The cipher does not hide its content",
    body:
      "ECB encrypts equal blocks to equal blocks, and DES and RC4 are broken. Use `aes-256-gcm` with a fresh " +
      "random IV.",
    reference: "CWE-327",
    report: "whole",
    tests: "skip",
    rule: {
      kind: "call_expression",
      all: [
        { has: { field: "function", regex: "(^|\\.)create(C|Dec)ipher(iv)?$" } },
        { has: { field: "arguments", has: { kind: "string", regex: "(?i)-ecb|^.(des|rc4|rc2|bf)\\b" } } },
      ],
    },
  },
  {
    id: "script/jwt-unverified",
    languages: scripts,
    severity: "critical",
    category: "security",
    title: "The token's signature or lifetime is not checked",
    body: "Anyone can write such a token. Name the one algorithm that is expected, and let expired tokens fail.",
    reference: "CWE-347",
    report: "whole",
    tests: "skip",
    rule: {
      kind: "pair",
      any: [
        { regex: "^algorithms?\\s*:\\s*\\[?[^\\]]*[\"']none[\"']" },
        {
          regex: "^ignoreExpiration\\s*:\\s*true$",
          inside: {
            kind: "object",
            inside: {
              kind: "arguments",
              inside: { kind: "call_expression", has: { field: "function", regex: "verify$" } },
            },
          },
        },
      ],
    },
  },
  {
    id: "script/cors-any-origin",
    languages: scripts,
    severity: "moderate",
    category: "security",
    title: "Every site may act in the user's session",
    body:
      "`origin: true` echoes whatever site asks, and with `credentials: true` its scripts read answers with the " +
      "user's cookies. List the origins that may.",
    reference: "CWE-942",
    report: "whole",
    tests: "skip",
    rule: {
      kind: "object",
      all: [
        { has: { kind: "pair", regex: "^origin\\s*:\\s*true$" } },
        { has: { kind: "pair", regex: "^credentials\\s*:\\s*true$" } },
      ],
    },
  },
];
