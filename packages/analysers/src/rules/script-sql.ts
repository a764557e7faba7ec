import { scripts, type Rule } from "../rule.ts";

/** A template that begins as an SQL statement does. */
const sqlTemplate =
  '^`\\s*(?i:select\\s|insert\\s+into\\s|update\\s+[\\w."]+\\s+set\\s|delete\\s+from\\s|with\\s+\\w+\\s+as\\s|replace\\s+into\\s)';
/** A placeholder where a value stands (`= ${x}`, `'%${x}`), not where a table's name does. */
const valuePlace =
  "(?i)([=<>'%]|\\blike|\\bin\\s*\\(|\\bvalues\\s*\\(|\\blimit|\\boffset|\\bbetween|\\border\\s+by)\\s*\\$\\{";
/** Constants, numbers, and what makes or quotes placeholders. */
const harmlessInSql =
  "(?i:placeholder|escape|quote|Number\\(|parseInt|\\.length|index|count|\\+\\+|where|clause|columns|fields|'\\?'|\"\\?\")|^\\$\\{(\\w+\\.)*[A-Z0-9_]+\\}$";
const sqlCall =
  "(^|\\.|\\$)(query|execute|exec|run|all|get|each|raw|prepare|one|many|none|any|oneOrNone|manyOrNone|unsafe|queryRawUnsafe|executeRawUnsafe)(<.*>)?$";

const sqlBody =
  "The value becomes part of the SQL text, so whoever controls it can read or change any row that this " +
  "connection can. Pass it as a parameter of the query instead: `query('... WHERE id = $1', [id])`.";

/** A value that reaches a call as its argument, directly or through one variable of the same function. */
function reachesCall(callee: string) {
  return {
    any: [
      {
        inside: {
          kind: "arguments",
          inside: { kind: "call_expression", has: { field: "function", regex: callee } },
        },
      },
      {
        inside: {
          kind: "variable_declarator",
          all: [
            { has: { field: "name", pattern: "$TEXT" } },
            {
              inside: {
                kind: "statement_block",
                stopBy: "end" as const,
                has: {
                  kind: "call_expression",
                  stopBy: "end" as const,
                  all: [
                    { has: { field: "function", regex: callee } },
                    { has: { field: "arguments", has: { pattern: "$TEXT" } } },
                  ],
                },
              },
            },
          ],
        },
      },
    ],
  };
}

export const scriptSqlRules: readonly Rule[] = [
  {
    id: "script/sql-injection",
    languages: scripts,
    severity: "critical",
    category: "security",
    title: "SQL is built from a value that is not a parameter",
    body: sqlBody,
    reference: "CWE-89",
    report: "whole",
    tests: "skip",
    rule: {
      all: [
        { kind: "template_string" },
        { regex: sqlTemplate },
        { regex: valuePlace },
        { has: { kind: "template_substitution", not: { regex: harmlessInSql } } },
        reachesCall(sqlCall),
      ],
    },
  },
  {
    id: "script/sql-concatenation",
    languages: scripts,
    severity: "critical",
    category: "security",
    title: "SQL is built by joining strings",
    body: sqlBody,
    reference: "CWE-89",
    report: "whole",
    tests: "skip",
    rule: {
      all: [
        { kind: "binary_expression" },
        {
          regex:
            "(?is)^[\"'`]\\s*(select\\s.+\\sfrom\\s|insert\\s+into\\s|update\\s.+\\sset\\s|delete\\s+from\\s)",
        },
        { regex: "(?i)([=<>'%]|\\blike|\\bin\\s*\\(|\\bvalues\\s*\\()\\s*[\"'`]\\s*\\+" },
        { not: { regex: "(?i:escape|quote|placeholder)|\\+\\s*[A-Z0-9_]+\\s*$" } },
        reachesCall(sqlCall),
      ],
    },
  },
];
