import { scripts, type Rule } from "../rule.ts";

const secretName =
  "(?i)(token|secret|passw(or)?d|nonce|otp|session_?id|api_?key|salt|csrf|reset_?code|verification_?code)$";
const passwordName = "(?i)(^|[._(])(\\w*_)?(passw(or)?d|passphrase|pwd)(\\b|_|\\.)|[a-z]Password\\b";

const randomBody =
  "This generator is made for games: its next values can be computed from a few earlier ones, so the secret " +
  "can be guessed. ";
const passwordHashBody =
  "A fast hash lets whoever has the table try billions of passwords a second. Use scrypt, argon2 or bcrypt, " +
  "with a salt for each password.";

/** A name that ends in `password`, `=` or `:`, and one word of eight characters or more, with letters and digits. */
const passwordLiteral = [
  {
    regex:
      "^[\"']?(?:[\\w.]*)(?i:(passw(or)?d|passphrase|secret_?key|client_?secret|db_?pass))[\"']?(:\\s*\\w+)?\\s*[:=]\\s*[\"'][^\\s\"'${}<>/.]*[A-Za-z][^\\s\"'${}<>/.]*[0-9][^\\s\"'${}<>/]*[\"']$",
  },
  { regex: "[:=]\\s*[\"'].{8,}[\"']$" },
  {
    not: {
      regex:
        "(?i)example|change|placeholder|your|xxx|test|dummy|fake|sample|mock|demo|env|process|todo|\\*\\*",
    },
  },
];

const hardCodedPassword = {
  severity: "moderate",
  category: "security",
  title: "A password stands in the code",
  body:
    "Whoever can read this repository, its forks or its history has it. Change it where it is used, and read " +
    "the new one from the environment or a secret store.",
  reference: "CWE-798",
  report: "whole",
  tests: "skip",
} as const;

const randomCall = {
  kind: "call",
  has: { field: "function", regex: "^random\\.(choices?|randint|random|randrange|sample|getrandbits)$" },
};

export const passwordRules: readonly Rule[] = [
  {
    id: "script/weak-random-secret",
    languages: scripts,
    severity: "moderate",
    category: "security",
    title: "A secret is made with Math.random",
    body: `${randomBody}Use \`crypto.randomBytes\`, \`crypto.randomUUID\` or \`crypto.randomInt\`.`,
    reference: "CWE-338",
    report: "whole",
    tests: "skip",
    rule: {
      any: [
        {
          all: [
            { kind: "variable_declarator" },
            { has: { field: "name", regex: secretName } },
            { has: { field: "value", has: { stopBy: "end", pattern: "Math.random()" } } },
            {
              not: {
                has: { field: "value", any: [{ kind: "arrow_function" }, { kind: "function_expression" }] },
              },
            },
          ],
        },
        {
          all: [
            { kind: "pair" },
            { has: { field: "key", regex: secretName } },
            { has: { field: "value", has: { stopBy: "end", pattern: "Math.random()" } } },
          ],
        },
        {
          all: [
            { kind: "assignment_expression" },
            { has: { field: "left", regex: secretName } },
            { has: { field: "right", has: { stopBy: "end", pattern: "Math.random()" } } },
          ],
        },
        {
          all: [
            { kind: "return_statement" },
            { has: { stopBy: "end", pattern: "Math.random()" } },
            {
              inside: {
                stopBy: { any: [{ kind: "function_declaration" }, { kind: "arrow_function" }] },
                kind: "function_declaration",
                has: { field: "name", regex: secretName },
              },
            },
          ],
        },
      ],
    },
  },
  {
    id: "python/weak-random-secret",
    languages: ["python"],
    severity: "moderate",
    category: "security",
    title: "A secret is made with the random module",
    body: `${randomBody}Use the \`secrets\` module.`,
    reference: "CWE-338",
    report: "whole",
    tests: "skip",
    rule: {
      kind: "assignment",
      all: [
        { has: { field: "left", regex: secretName } },
        { has: { field: "right", any: [randomCall, { has: { stopBy: "end", ...randomCall } }] } },
      ],
    },
  },
  {
    id: "script/weak-password-hash",
    languages: scripts,
    severity: "moderate",
    category: "security",
    title: "A password is stored as a fast hash",
    body: passwordHashBody,
    reference: "CWE-916",
    report: "whole",
    tests: "skip",
    rule: {
      any: [
        { pattern: "createHash($ALGORITHM).update($SECRET)" },
        { pattern: "$CRYPTO.createHash($ALGORITHM).update($SECRET)" },
      ],
    },
    constraints: {
      ALGORITHM: { regex: "(?i)^.(md5|sha-?1|sha-?256|sha-?512)." },
      SECRET: { regex: passwordName },
    },
  },
  {
    id: "python/weak-password-hash",
    languages: ["python"],
    severity: "moderate",
    category: "security",
    title: "A password is stored as a fast hash",
    body: passwordHashBody,
    reference: "CWE-916",
    report: "whole",
    tests: "skip",
    rule: {
      kind: "call",
      all: [
        { has: { field: "function", regex: "^(hashlib\\.)?(md5|sha1|sha256|sha512)$" } },
        { has: { field: "arguments", regex: passwordName } },
      ],
    },
  },
  {
    ...hardCodedPassword,
    id: "script/hard-coded-password",
    languages: scripts,
    rule: {
      any: [{ kind: "pair" }, { kind: "variable_declarator" }, { kind: "assignment_expression" }],
      all: passwordLiteral,
    },
  },
  {
    ...hardCodedPassword,
    id: "python/hard-coded-password",
    languages: ["python"],
    rule: {
      any: [{ kind: "assignment" }, { kind: "keyword_argument" }, { kind: "pair" }],
      all: passwordLiteral,
    },
  },
];
