import type { LinterRule } from "../linter-rule.ts";
import { oxlintComparisonRules } from "./oxlint-comparison-rules.ts";
import { oxlintLibraryRules } from "./oxlint-library-rules.ts";
import { oxlintPage } from "./oxlint-page.ts";

const correctness = { severity: "moderate", category: "correctness", tests: "read" } as const;
const likely = { ...correctness, severity: "minor" } as const;

const assigned = {
  ...correctness,
  id: "script/constant-assigned",
  title: "What is assigned here cannot change",
  body: "Assigning a constant, an import or a class raises a `TypeError`, or hides the original from all below.",
};
const derived = {
  ...correctness,
  id: "script/this-before-super",
  title: "this is used before super()",
  body: "A derived class has no `this` before its parent's constructor was called: a `ReferenceError` is raised.",
};

/**
 * The rules of oxlint that are asked, by the codes of its findings: those that name a bug. Left out are style, what
 * needs types, and rules that were wrong or of no use more often than not on published packages: constructor-super,
 * getter-return, no-thenable, no-unmodified-loop-condition, exhaustive-deps, erasing-op among them. Where a rule of
 * ours is narrower (assignments as conditions, evaluated strings), ours is asked instead.
 */
export const oxlintRules: Readonly<Record<string, LinterRule>> = {
  ...oxlintComparisonRules,
  ...oxlintLibraryRules,
  "eslint(no-dupe-else-if)": {
    ...likely,
    id: "script/repeated-condition",
    title: "This branch is never reached",
    body: "The same condition was asked above. One of the two was probably meant to be another.",
    reference: oxlintPage("eslint/no-dupe-else-if"),
  },
  "eslint(no-unsafe-finally)": {
    ...correctness,
    id: "script/return-in-finally",
    title: "return in finally discards the error",
    body:
      "A `return` inside `finally` replaces whatever the `try` returned and drops the error that it threw. " +
      "Move the `return` behind the statement.",
    reference: oxlintPage("eslint/no-unsafe-finally"),
  },
  "eslint(no-async-promise-executor)": {
    ...likely,
    category: "reliability",
    id: "script/async-promise-executor",
    title: "An error in this async executor is lost",
    body:
      "When the executor of `new Promise` is async and throws, the new promise is never settled: whoever waits " +
      "for it waits for ever. Make the surrounding function async, and do without `new Promise`.",
    reference: oxlintPage("eslint/no-async-promise-executor"),
  },
  "eslint(no-const-assign)": { ...assigned, reference: oxlintPage("eslint/no-const-assign") },
  "eslint(no-import-assign)": { ...assigned, reference: oxlintPage("eslint/no-import-assign") },
  "eslint(no-class-assign)": {
    ...assigned,
    severity: "minor",
    reference: oxlintPage("eslint/no-class-assign"),
  },
  "eslint(no-global-assign)": {
    ...assigned,
    severity: "minor",
    reference: oxlintPage("eslint/no-global-assign"),
  },
  "eslint(no-this-before-super)": { ...derived, reference: oxlintPage("eslint/no-this-before-super") },
  "oxc(misrefactored-assign-op)": {
    ...likely,
    id: "script/doubled-operation",
    title: "The operation is done twice",
    body: "`a += a + b` adds `a` once more. Write `a += b` or `a = a + b`.",
    reference: oxlintPage("oxc/misrefactored-assign-op"),
  },
  "oxc(number-arg-out-of-range)": {
    ...correctness,
    id: "script/argument-out-of-range",
    title: "The argument is out of range",
    body: "This call raises a `RangeError` when it runs.",
    reference: oxlintPage("oxc/number-arg-out-of-range"),
  },
  "oxc(uninvoked-array-callback)": {
    ...correctness,
    id: "script/callback-never-called",
    title: "The callback is never called",
    body: "`new Array(n)` has no elements to call it for. Write `Array.from({ length: n }, callback)`.",
    reference: oxlintPage("oxc/uninvoked-array-callback"),
  },
  "oxc(bad-replace-all-arg)": {
    ...correctness,
    id: "script/replace-all-not-global",
    title: "replaceAll refuses an expression that is not global",
    body: "This raises a `TypeError`. Add the flag `g`, or use `replace`.",
    reference: oxlintPage("oxc/bad-replace-all-arg"),
  },
  "oxc(bad-array-method-on-arguments)": {
    ...correctness,
    id: "script/array-method-on-arguments",
    title: "arguments is not an array",
    body: "It has no such method: a `TypeError` is raised. Use rest parameters.",
    reference: oxlintPage("oxc/bad-array-method-on-arguments"),
  },
  "eslint(for-direction)": {
    ...correctness,
    id: "script/loop-direction",
    title: "The loop moves away from its end",
    body: "The counter never meets the condition that ends it.",
    reference: oxlintPage("eslint/for-direction"),
  },
  "eslint(no-dupe-keys)": {
    ...likely,
    id: "script/repeated-key",
    title: "The object has this key twice",
    body: "Only the last value is kept. One of the keys was probably meant to be another.",
    reference: oxlintPage("eslint/no-dupe-keys"),
  },
  "eslint(no-dupe-class-members)": {
    ...likely,
    id: "script/repeated-member",
    title: "The class has this member twice",
    body: "Only the last one is kept.",
    reference: oxlintPage("eslint/no-dupe-class-members"),
  },
  "eslint(no-duplicate-case)": {
    ...likely,
    id: "script/repeated-case",
    title: "This case stands above already",
    body: "It is never reached. One of the two was probably meant to be another.",
    reference: oxlintPage("eslint/no-duplicate-case"),
  },
  "typescript(no-duplicate-enum-values)": {
    ...likely,
    id: "script/repeated-enum-value",
    title: "Two members of the enum have one value",
    body: "They cannot be told apart. One of the values was probably meant to be another.",
    reference: oxlintPage("typescript/no-duplicate-enum-values"),
  },
  "eslint(no-unreachable)": {
    ...likely,
    id: "script/unreachable",
    title: "This code is never reached",
    body: "The statement before it leaves the function or the loop.",
    reference: oxlintPage("eslint/no-unreachable"),
  },
  "eslint(no-unsafe-optional-chaining)": {
    ...likely,
    id: "script/unsafe-optional-chain",
    title: "What may be undefined is used as if it were not",
    body: "Where the chain breaks off, this raises a `TypeError`. Continue it with `?.`, or give a value with `??`.",
    reference: oxlintPage("eslint/no-unsafe-optional-chaining"),
  },
  "eslint(no-obj-calls)": {
    ...correctness,
    id: "script/object-called",
    title: "This is not a function",
    body: "`Math`, `JSON`, `Reflect` and `Atomics` cannot be called: a `TypeError` is raised.",
    reference: oxlintPage("eslint/no-obj-calls"),
  },
  "eslint(no-invalid-regexp)": {
    ...correctness,
    id: "script/invalid-expression",
    title: "The regular expression is not valid",
    body: "A `SyntaxError` is raised when this line runs.",
    reference: oxlintPage("eslint/no-invalid-regexp"),
  },
  "eslint(no-empty-character-class)": {
    ...likely,
    id: "script/empty-character-class",
    title: "The expression never matches",
    body: "`[]` stands for no character at all.",
    reference: oxlintPage("eslint/no-empty-character-class"),
  },
  "eslint(no-useless-backreference)": {
    ...likely,
    id: "script/useless-backreference",
    title: "The group has matched nothing where it is asked for",
    body: "The reference stands before its group, or in another branch, and so for nothing.",
    reference: oxlintPage("eslint/no-useless-backreference"),
  },
  "eslint(no-loss-of-precision)": {
    ...likely,
    id: "script/lost-precision",
    title: "The number cannot be held exactly",
    body: "It becomes another number. Use a `bigint` or a text.",
    reference: "CWE-197",
  },
  "eslint(no-unexpected-multiline)": {
    ...likely,
    id: "script/missing-semicolon",
    title: "This line continues the one before",
    body: "Without a semicolon there, the parenthesis calls what stands before it.",
    reference: oxlintPage("eslint/no-unexpected-multiline"),
  },
  "eslint(no-setter-return)": {
    ...likely,
    id: "script/setter-return",
    title: "A setter's value goes nowhere",
    body: "What a setter returns is dropped.",
    reference: oxlintPage("eslint/no-setter-return"),
  },
};
