import { scripts, type Rule } from "../rule.ts";

/** What a request carries, under the names that its frameworks give it. */
const fromRequest = "^(req|request|ctx|ctx\\.request|c\\.req)\\.(query|params|body|headers|cookies)\\b";
const shellCall = "^((child_process|childProcess|cp)\\.)?exec(Sync|Async|P|Promise)?$";

export const injectionRules: readonly Rule[] = [
  {
    id: "script/shell-injection",
    languages: scripts,
    severity: "critical",
    category: "security",
    title: "A shell command is built from a value",
    body:
      "The string is handed to a shell: a value with `;`, `$(...)` or a quote in it runs as a command. Use " +
      "`execFile` or `spawn` with the arguments as an array.",
    reference: "CWE-78",
    report: "whole",
    tests: "skip",
    rule: {
      any: [{ kind: "template_string" }, { kind: "binary_expression", regex: "\\+" }],
      all: [
        {
          any: [
            {
              has: {
                kind: "template_substitution",
                not: {
                  regex:
                    "^\\$\\{([A-Z0-9_]+|process\\.\\w+(\\(\\))?|__dirname)\\}$|(?i:quote|escape|stringify)",
                },
              },
            },
            {
              kind: "binary_expression",
              has: {
                any: [{ kind: "identifier", not: { regex: "^[A-Z0-9_]+$" } }, { kind: "member_expression" }],
              },
            },
          ],
        },
        {
          inside: {
            kind: "arguments",
            inside: { kind: "call_expression", has: { field: "function", regex: shellCall } },
          },
        },
        { nthChild: 1 },
      ],
    },
    mentions: "child_process",
  },
  {
    id: "script/code-injection",
    languages: scripts,
    severity: "moderate",
    category: "security",
    title: "A string is run as code",
    body:
      "Whatever reaches this string runs with all rights of the program. Parse the value (`JSON.parse`) or " +
      "choose from a table of functions instead.",
    reference: "CWE-95",
    report: "head",
    tests: "skip",
    rule: {
      any: [
        { kind: "call_expression", has: { field: "function", regex: "^eval$" } },
        { kind: "new_expression", has: { field: "constructor", regex: "^Function$" } },
      ],
      has: {
        field: "arguments",
        has: {
          nthChild: { position: 1, reverse: true },
          not: {
            any: [
              { kind: "string" },
              { kind: "template_string", not: { has: { kind: "template_substitution" } } },
            ],
          },
        },
      },
    },
  },
  {
    id: "script/html-injection",
    languages: scripts,
    severity: "moderate",
    category: "security",
    title: "HTML is built from an unescaped value",
    body:
      "A value with `<` in it becomes markup, and a script in it runs in the reader's session. Set " +
      "`textContent`, or escape or sanitize the value first.",
    reference: "CWE-79",
    report: "whole",
    tests: "skip",
    rule: {
      any: [
        {
          all: [
            { kind: "assignment_expression" },
            { has: { field: "left", regex: "\\.(innerHTML|outerHTML)$" } },
            {
              has: {
                field: "right",
                kind: "template_string",
                has: {
                  kind: "template_substitution",
                  has: { any: [{ kind: "identifier" }, { kind: "member_expression" }] },
                  not: {
                    regex:
                      "(?i)escape|saniti|purif|encode|icon|svg|class|\\bid\\b|\\.length|count|index|width|height|html|\\$\\{[A-Z0-9_]+\\}",
                  },
                },
                not: { regex: "(?i)escape|saniti|purify|encode" },
              },
            },
          ],
        },
        { pattern: "$E.innerHTML = $REQUESTED" },
      ],
    },
    constraints: {
      REQUESTED: {
        regex: "^(new URLSearchParams\\(|location\\.|window\\.location|document\\.(URL|referrer|cookie))",
      },
    },
  },
  {
    id: "script/path-traversal",
    languages: scripts,
    severity: "moderate",
    category: "security",
    title: "A path is built from the request",
    body:
      "A value such as `../../etc/passwd` leads out of the folder. Resolve the path and refuse it unless it " +
      "still lies under the folder, or take `path.basename` of the value.",
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
              "^((path\\.)?(join|resolve)|(fs|fsp|fs\\.promises|promises)\\.(readFile|writeFile|createReadStream|createWriteStream|unlink|rm|readdir)(Sync)?|res\\.(sendFile|download))$",
          },
        },
        {
          has: {
            field: "arguments",
            any: [
              { has: { kind: "member_expression", regex: fromRequest } },
              {
                has: {
                  kind: "template_string",
                  has: {
                    kind: "template_substitution",
                    has: { kind: "member_expression", regex: fromRequest },
                  },
                },
              },
              { has: { kind: "binary_expression", has: { kind: "member_expression", regex: fromRequest } } },
            ],
          },
        },
      ],
    },
  },
  {
    id: "script/open-redirect",
    languages: scripts,
    severity: "minor",
    category: "security",
    title: "The redirect's address comes from the request",
    body:
      "A link to this site can send its reader to any other, which makes a convincing phish. Redirect to " +
      "paths of this site only, or to addresses on a list.",
    reference: "CWE-601",
    report: "whole",
    tests: "skip",
    rule: { any: [{ pattern: "$RES.redirect($TARGET)" }, { pattern: "$RES.redirect($STATUS, $TARGET)" }] },
    constraints: { TARGET: { regex: fromRequest } },
  },
  {
    id: "script/request-forgery",
    languages: scripts,
    severity: "moderate",
    category: "security",
    title: "The server fetches an address from the request",
    body:
      "The caller can make the server ask for anything that it can reach: internal services, the cloud's " +
      "metadata address. Check the address against a list of allowed hosts first.",
    reference: "CWE-918",
    report: "whole",
    tests: "skip",
    rule: {
      any: [
        { pattern: "fetch($URL)" },
        { pattern: "fetch($URL, $$$)" },
        { pattern: "axios.$METHOD($URL)" },
        { pattern: "axios.$METHOD($URL, $$$)" },
        { pattern: "got($URL)" },
      ],
    },
    constraints: { URL: { regex: fromRequest } },
  },
];
