import type { Rule } from "../rule.ts";

const python = ["python"] as const;

/** A string that depends on a value: an f-string, `%`, `+` or `.format`. */
const builtString = [
  { kind: "string", has: { kind: "interpolation" } },
  { kind: "concatenated_string", has: { kind: "string", has: { kind: "interpolation" } } },
  {
    kind: "binary_operator",
    has: { any: [{ kind: "string" }, { kind: "concatenated_string" }] },
    regex: "%|\\+",
    not: { regex: "^[\"'][^\"']*[\"']\\s*\\+\\s*[\"'][^\"']*[\"']$" },
  },
  { kind: "call", has: { field: "function", kind: "attribute", regex: "[\"']\\.format$" } },
];
const sqlText =
  "(?is)^\\(?\\s*[rf]*[\"']+\\s*(select\\s.+\\sfrom\\s|insert\\s+into\\s|update\\s.+\\sset\\s|delete\\s+from\\s)";
/** A value's place in a statement: behind an operator or a quote, not where a table's name stands. */
const valuePlace =
  "(?is)([=<>'%]|\\blike|\\bin\\s*\\(|\\bvalues\\s*\\(|\\blimit|\\boffset|\\bbetween|\\border\\s+by)\\s*(\\{[^}]|\\{\\}.*\\.format\\(|['\"]\\s*\\+|%[sdr(]|['\"]\\s*%)";
const harmlessInSql =
  "(?i)placeholder|quote|escape|['\"][?]['\"]|join\\(|(?-i:\\{[A-Z0-9_.]+\\})|\\bint\\(|\\.literal|identifier|%%s|\\{(where|columns|clause|table|schema)";
const sqlCall =
  "(^|\\.)(execute|executemany|executescript|read_sql|read_sql_query|raw|fetch|fetchrow|fetchval|fetchall|text)$";

/** An argument of a call of `callee`, directly or through one variable of the same function. */
function reachesCall(callee: string) {
  return {
    any: [
      {
        inside: {
          kind: "argument_list",
          inside: { kind: "call", has: { field: "function", regex: callee } },
        },
      },
      {
        inside: {
          kind: "assignment",
          all: [
            { has: { field: "left", pattern: "$TEXT" } },
            {
              inside: {
                kind: "function_definition",
                stopBy: "end" as const,
                has: {
                  kind: "call",
                  stopBy: "end" as const,
                  all: [
                    { has: { field: "function", regex: callee } },
                    { has: { field: "arguments", has: { nthChild: 1, pattern: "$TEXT" } } },
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

export const pythonInjectionRules: readonly Rule[] = [
  {
    id: "python/sql-injection",
    languages: python,
    severity: "critical",
    category: "security",
    title: "SQL is built from a value that is not a parameter",
    body:
      "The value becomes part of the SQL text, so whoever controls it can read or change any row that this " +
      'connection can. Pass it as a parameter: `cursor.execute("... WHERE id = %s", (id,))`.',
    reference: "CWE-89",
    report: "whole",
    tests: "skip",
    rule: {
      any: builtString,
      all: [
        { regex: sqlText },
        { regex: valuePlace },
        { not: { regex: harmlessInSql } },
        reachesCall(sqlCall),
      ],
    },
  },
  {
    id: "python/shell-injection",
    languages: python,
    severity: "critical",
    category: "security",
    title: "A shell command is built from a value",
    body:
      "The string is handed to a shell: a value with `;`, `$(...)` or a quote in it runs as a command. Call " +
      "`subprocess.run` with a list of arguments and without `shell=True`.",
    reference: "CWE-78",
    report: "whole",
    tests: "skip",
    rule: {
      kind: "call",
      all: [
        {
          has: {
            field: "arguments",
            has: {
              nthChild: 1,
              any: builtString,
              not: { regex: "quote\\(|^[rf]*[\"'][^\"']*\\{[A-Z0-9_]+\\}[^{]*[\"']$" },
            },
          },
        },
        {
          any: [
            { has: { field: "function", regex: "^os\\.(system|popen)$" } },
            {
              all: [
                {
                  has: {
                    field: "function",
                    regex: "^subprocess\\.(run|call|check_call|check_output|Popen|getoutput)$",
                  },
                },
                {
                  has: {
                    field: "arguments",
                    has: { kind: "keyword_argument", regex: "^shell\\s*=\\s*True$" },
                  },
                },
              ],
            },
          ],
        },
      ],
    },
  },
  {
    id: "python/code-injection",
    languages: python,
    severity: "moderate",
    category: "security",
    title: "A string is run as code",
    body:
      "Whatever reaches this string runs with all rights of the program. For data use `ast.literal_eval` or " +
      "`json.loads`.",
    reference: "CWE-95",
    report: "whole",
    tests: "skip",
    rule: {
      pattern: "eval($CODE)",
    },
    constraints: {
      CODE: {
        not: { any: [{ kind: "string", not: { has: { kind: "interpolation" } } }, { regex: "^compile\\(" }] },
      },
    },
  },
];
