import type { Rule } from "../rule.ts";

const python = ["python"] as const;

export const pythonSecurityRules: readonly Rule[] = [
  {
    id: "python/tls-unverified",
    languages: ["python"],
    severity: "moderate",
    category: "security",
    title: "Certificates are not checked",
    body:
      "Any server on the way can now answer in the other's name, and read and change what is sent. Keep the " +
      'check on; for a private authority, give its certificate (`verify="ca.pem"`).',
    reference: "CWE-295",
    report: "whole",
    tests: "skip",
    rule: {
      any: [
        {
          kind: "keyword_argument",
          regex: "^verify\\s*=\\s*False$",
          inside: {
            kind: "argument_list",
            inside: {
              kind: "call",
              has: {
                field: "function",
                regex:
                  "(?i)(requests|httpx|session|client|http)\\w*\\.(\\w*\\.)?(get|post|put|patch|delete|head|request|Client|AsyncClient)$|^(httpx\\.)?(Async)?Client$",
              },
            },
          },
        },
        { pattern: "ssl._create_unverified_context" },
      ],
    },
  },
  {
    id: "python/jwt-unverified",
    languages: ["python"],
    severity: "critical",
    category: "security",
    title: "The token's signature is not checked",
    body: "Anyone can write such a token. Verify it with the key and the one algorithm that is expected.",
    reference: "CWE-347",
    report: "whole",
    tests: "skip",
    rule: {
      kind: "call",
      all: [
        { has: { field: "function", regex: "^jwt\\.decode$" } },
        {
          has: {
            field: "arguments",
            regex:
              "verify\\s*=\\s*False|[\"']verify_signature[\"']\\s*:\\s*False|algorithms\\s*=\\s*\\[[^\\]]*[\"']none[\"']",
          },
        },
      ],
    },
  },
  {
    id: "python/unsafe-pickle",
    languages: python,
    severity: "moderate",
    category: "security",
    title: "Received bytes are unpickled",
    body:
      "A pickle is a program: whoever can send these bytes runs code here. Use JSON, or check a signature over " +
      "the bytes first.",
    reference: "CWE-502",
    report: "whole",
    tests: "skip",
    rule: {
      any: [{ pattern: "pickle.loads($BYTES)" }, { pattern: "pickle.loads(base64.b64decode($BYTES))" }],
    },
    constraints: {
      BYTES: { regex: "(?i)request|\\bbody\\b|payload|cookie|message|recv|\\.content\\b|header" },
    },
  },
];
