import { scripts, type Rule } from "../rule.ts";

export const comparisonRules: readonly Rule[] = [
  {
    id: "script/nan-comparison",
    languages: scripts,
    severity: "high",
    category: "correctness",
    title: "Nothing equals NaN",
    body: "`NaN` is not equal to itself, so this comparison has the same answer always. Use `Number.isNaN(x)`.",
    report: "whole",
    tests: "read",
    rule: {
      any: ["===", "==", "!==", "!="].flatMap((operator) => [
        { pattern: `$X ${operator} NaN` },
        { pattern: `$X ${operator} Number.NaN` },
        { pattern: `NaN ${operator} $X` },
      ]),
    },
  },
  {
    id: "script/impossible-typeof",
    languages: scripts,
    severity: "high",
    category: "correctness",
    title: "typeof never gives this string",
    body:
      'The comparison is false for every value. `typeof` gives "undefined", "object", "boolean", "number", ' +
      '"bigint", "string", "symbol" or "function" (null and arrays are "object").',
    report: "whole",
    tests: "read",
    rule: {
      kind: "binary_expression",
      all: [
        { has: { field: "left", kind: "unary_expression", regex: "^typeof\\b" } },
        { has: { field: "operator", regex: "^[!=]==?$" } },
        {
          has: {
            field: "right",
            kind: "string",
            not: { regex: "^.(undefined|object|boolean|number|bigint|string|symbol|function|unknown).$" },
          },
        },
      ],
    },
  },
  {
    id: "script/literal-identity",
    languages: scripts,
    severity: "high",
    category: "correctness",
    title: "A new array or object equals nothing",
    body: "Arrays and objects are compared by identity, so this is never equal. Compare the length, or the keys.",
    report: "whole",
    tests: "read",
    rule: {
      kind: "binary_expression",
      all: [
        { has: { field: "operator", regex: "^[!=]==$" } },
        { any: [{ has: { field: "right", kind: "array" } }, { has: { field: "right", kind: "object" } }] },
      ],
    },
  },
  {
    id: "script/negated-operand",
    languages: scripts,
    severity: "high",
    category: "correctness",
    title: "Only the left side is negated",
    body: "`!a in b` means `(!a) in b`. Write `!(a in b)`.",
    report: "whole",
    tests: "read",
    rule: {
      kind: "binary_expression",
      all: [
        { has: { field: "left", kind: "unary_expression", regex: "^!" } },
        { has: { field: "operator", regex: "^(in|instanceof)$" } },
      ],
    },
  },
  {
    id: "script/same-operands",
    languages: scripts,
    severity: "medium",
    category: "correctness",
    title: "Both sides are the same",
    body: "One of the two sides was probably meant to be something else.",
    report: "whole",
    tests: "read",
    rule: {
      any: [
        { pattern: "$A && $A" },
        { pattern: "$A || $A" },
        { pattern: "$A < $A" },
        { pattern: "$A >= $A" },
      ],
    },
    constraints: { A: { not: { regex: "\\(|\\+\\+|--" } } },
  },
  {
    id: "script/boolean-comparator",
    languages: scripts,
    severity: "high",
    category: "correctness",
    title: "The comparator returns true or false, not an order",
    body:
      '`sort` wants a negative number, zero or a positive one. `true` and `false` mean "after" and "equal", ' +
      "so the order depends on the engine and the input. Return `a - b`, or -1, 0 and 1.",
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
    severity: "high",
    category: "correctness",
    title: "Strings are compared by identity",
    body: "`==` asks whether both are one object, which depends on where they came from. Use `equals`.",
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
