import { scripts, type Rule } from "../rule.ts";

export const comparisonRules: readonly Rule[] = [
  {
    id: "script/boolean-comparator",
    languages: scripts,
    severity: "moderate",
    category: "correctness",
    title: "The comparator returns true or false, not an order",
    body:
      '`sort` wants a negative number, zero or a positive one. `true` and `false` mean "after" and "equal", ' +
      "so the order depends on the engine and the input. Return `a - b`, or -1, 0 and 1.",
    reference: "https://developer.mozilla.org/docs/Web/JavaScript/Reference/Global_Objects/Array/sort",
    report: "head",
    tests: "read",
    rule: {
      any: ["sort", "toSorted"].flatMap((method) =>
        [">", "<", ">=", "<="].map((operator) => ({
          pattern: `$LIST.${method}(($A, $B) => $X ${operator} $Y)`,
        })),
      ),
    },
  },
  {
    id: "java/string-identity",
    languages: ["java"],
    severity: "moderate",
    category: "correctness",
    title: "Strings are compared by identity",
    body: "`==` asks whether both are one object, which depends on where they came from. Use `equals`.",
    reference: "CWE-597",
    report: "whole",
    tests: "read",
    rule: {
      kind: "binary_expression",
      all: [
        { has: { field: "operator", regex: "^[!=]=$" } },
        {
          any: [
            { has: { field: "left", kind: "string_literal" } },
            { has: { field: "right", kind: "string_literal" } },
          ],
        },
      ],
    },
  },
];
