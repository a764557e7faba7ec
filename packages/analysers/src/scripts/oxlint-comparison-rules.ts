import type { LinterRule } from "../linter-rule.ts";
import { oxlintPage } from "./oxlint-page.ts";

const correctness = { severity: "moderate", category: "correctness", tests: "read" } as const;
const likely = { ...correctness, severity: "minor" } as const;

const comparison = {
  ...correctness,
  id: "script/constant-comparison",
  title: "This expression has the same value always",
  body: "Whatever the variables are, the outcome is one. The condition was probably meant to be another.",
};

/** Rules of oxlint on comparisons, by the codes of its findings. */
export const oxlintComparisonRules: Readonly<Record<string, LinterRule>> = {
  "eslint(use-isnan)": {
    ...correctness,
    id: "script/nan-comparison",
    title: "Nothing equals NaN",
    body: "`NaN` is not equal to itself, so this comparison has the same answer always. Use `Number.isNaN(x)`.",
    reference: oxlintPage("eslint/use-isnan"),
  },
  "eslint(valid-typeof)": {
    ...correctness,
    id: "script/impossible-typeof",
    title: "typeof never gives this string",
    body:
      'The comparison is false for every value. `typeof` gives "undefined", "object", "boolean", "number", ' +
      '"bigint", "string", "symbol" or "function" (null and arrays are "object").',
    reference: oxlintPage("eslint/valid-typeof"),
  },
  "oxc(bad-object-literal-comparison)": {
    ...correctness,
    id: "script/literal-identity",
    title: "A new array or object equals nothing",
    body: "Arrays and objects are compared by identity, so this is never equal. Compare the length, or the keys.",
    reference: oxlintPage("oxc/bad-object-literal-comparison"),
  },
  "eslint(no-unsafe-negation)": {
    ...correctness,
    id: "script/negated-operand",
    title: "Only the left side is negated",
    body: "`!a in b` means `(!a) in b`. Write `!(a in b)`.",
    reference: oxlintPage("eslint/no-unsafe-negation"),
  },
  "oxc(const-comparisons)": {
    ...likely,
    id: "script/same-operands",
    title: "Both sides are the same, or exclude each other",
    body: "One of the two sides was probably meant to be something else.",
    reference: oxlintPage("oxc/const-comparisons"),
  },
  "oxc(double-comparisons)": {
    ...likely,
    id: "script/same-operands",
    title: "The two comparisons are one",
    body: "One of the two sides was probably meant to be something else.",
    reference: oxlintPage("oxc/double-comparisons"),
  },
  "oxc(bad-comparison-sequence)": {
    ...likely,
    id: "script/comparison-sequence",
    title: "Comparisons cannot be chained",
    body: "`a < b < c` compares true or false with `c`. Write `a < b && b < c`.",
    reference: oxlintPage("oxc/bad-comparison-sequence"),
  },
  "eslint(no-constant-binary-expression)": {
    ...comparison,
    severity: "minor",
    reference: oxlintPage("eslint/no-constant-binary-expression"),
  },
  "eslint(no-compare-neg-zero)": { ...comparison, reference: oxlintPage("eslint/no-compare-neg-zero") },
  "oxc(bad-char-at-comparison)": { ...comparison, reference: oxlintPage("oxc/bad-char-at-comparison") },
  "oxc(bad-min-max-func)": { ...comparison, reference: oxlintPage("oxc/bad-min-max-func") },
};
