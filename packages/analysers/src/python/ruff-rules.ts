import type { LinterRule } from "../linter-rule.ts";
import { ruffAsyncRules } from "./ruff-async-rules.ts";
import { ruffFormatRules } from "./ruff-format-rules.ts";
import { ruffObjectRules } from "./ruff-object-rules.ts";
import { ruffPage } from "./ruff-page.ts";
import { ruffSecurityRules } from "./ruff-security-rules.ts";

const correctness = { severity: "moderate", category: "correctness", tests: "read" } as const;
const likely = { ...correctness, severity: "minor" } as const;

/**
 * The rules of ruff that are asked, by their codes: bugs and security, in what ruff counts as stable. Left out are
 * style, opinions, and rules that were wrong or of no use more often than not on Python code in use for years: B006,
 * B008, B018, B020, B023, B904, F401, F841, S101, S105, S108, S110, S113, S301, S307, S311, S603, S608, PLE0704 among
 * them. Where a rule of ours is narrower (SQL, shell, `eval`, shared defaults, pickles, time limits, swallowed errors),
 * ours is asked instead.
 */
export const ruffRules: Readonly<Record<string, LinterRule>> = {
  ...ruffSecurityRules,
  ...ruffAsyncRules,
  ...ruffFormatRules,
  ...ruffObjectRules,
  F821: {
    ...correctness,
    id: "python/undefined-name",
    title: "This name is not defined",
    body: "A `NameError` is raised when this line runs. Import the name, define it, or correct its spelling.",
    reference: ruffPage("undefined-name"),
  },
  F823: {
    ...correctness,
    id: "python/undefined-local",
    title: "The variable is read before it has a value",
    body:
      "It is assigned later in this function, which makes it local in all of it: an `UnboundLocalError` is " +
      "raised here. Assign it first, or declare it `global` or `nonlocal`.",
    reference: ruffPage("undefined-local"),
  },
  F811: {
    ...likely,
    id: "python/redefined-unused",
    title: "An earlier definition of this name is lost",
    body: "The name was defined before and not used since: of two tests, methods or imports only this one counts.",
    reference: ruffPage("redefined-while-unused"),
  },
  F601: {
    ...likely,
    id: "python/repeated-key",
    title: "The dictionary has this key twice",
    body: "Only the last value is kept. One of the keys was probably meant to be another.",
    reference: ruffPage("multi-value-repeated-key-literal"),
  },
  F631: {
    ...correctness,
    id: "python/assert-tuple",
    title: "This assertion can never fail",
    body: "A tuple that is not empty is true. Write `assert condition, message` without the parentheses.",
    reference: ruffPage("assert-tuple"),
  },
  F632: {
    ...likely,
    id: "python/literal-identity",
    title: "is compares identity, not value",
    body: "Whether two equal strings or numbers are one object depends on the interpreter. Compare with `==`.",
    reference: ruffPage("is-literal"),
  },
  F634: {
    ...correctness,
    id: "python/condition-is-tuple",
    title: "This condition is always true",
    body: "A tuple that is not empty is true. Take away the comma or the parentheses.",
    reference: ruffPage("if-tuple"),
  },
  F901: {
    ...likely,
    id: "python/raise-not-implemented",
    title: "NotImplemented is not an exception",
    body: "This raises a `TypeError` that hides the meaning. Raise `NotImplementedError`.",
    reference: ruffPage("raise-not-implemented"),
  },
  B002: {
    ...correctness,
    id: "python/double-sign",
    title: "Python has no ++ and --",
    body: "Two signs before a value leave it as it is. Write `n += 1` or `n -= 1`.",
    reference: ruffPage("unary-prefix-increment-decrement"),
  },
  B003: {
    ...likely,
    id: "python/environ-assigned",
    title: "The environment itself is not changed",
    body: "Assigning to `os.environ` leaves the process's environment as it was. Use `os.environ.update(...)`.",
    reference: ruffPage("assignment-to-os-environ"),
  },
  B005: {
    ...likely,
    id: "python/strip-characters",
    title: "strip takes away characters, not a word",
    body: "Every character of the argument is removed from the ends. Use `removeprefix` or `removesuffix`.",
    reference: ruffPage("strip-with-multi-characters"),
  },
  B012: {
    ...correctness,
    id: "python/return-in-finally",
    title: "return in finally discards the exception",
    body: "Leaving a `finally` drops the exception that is on its way. Move the statement behind it.",
    reference: ruffPage("jump-statement-in-finally"),
  },
  B015: {
    ...likely,
    id: "python/useless-comparison",
    title: "The result of this comparison is not used",
    body: "Nothing is checked and nothing assigned here. Write `assert`, `=`, or take the line away.",
    reference: ruffPage("useless-comparison"),
  },
  B016: {
    ...correctness,
    id: "python/raise-literal",
    title: "What is raised is not an exception",
    body: "This raises a `TypeError` that hides the meaning. Raise an exception with the text as its argument.",
    reference: ruffPage("raise-literal"),
  },
  B025: {
    ...likely,
    id: "python/duplicate-except",
    title: "This exception is caught above already",
    body: "The handler is never reached. One of the two was probably meant for another exception.",
    reference: ruffPage("duplicate-try-block-exception"),
  },
  B029: {
    ...likely,
    id: "python/empty-except",
    title: "This handler catches nothing",
    body: "An empty tuple names no exception. Name the one that is expected.",
    reference: ruffPage("except-with-empty-tuple"),
  },
  B032: {
    ...likely,
    id: "python/annotation-for-assignment",
    title: "This only annotates: nothing is assigned",
    body: "With `:` in place of `=` the value is taken for a type. Write `=`.",
    reference: ruffPage("unintentional-type-annotation"),
  },
  B034: {
    ...likely,
    id: "python/re-flags-as-count",
    title: "A flag may be taken for a count",
    body: "The next positional argument of `re.sub` and `re.split` is a count. Name it: `flags=...`.",
    reference: ruffPage("re-sub-positional-args"),
  },
  B035: {
    ...likely,
    id: "python/constant-comprehension-key",
    title: "Every round writes the same key",
    body: "The dictionary has one entry at the end. The key was probably meant to be the loop's variable.",
    reference: ruffPage("static-key-dict-comprehension"),
  },
  B039: {
    ...likely,
    id: "python/shared-context-default",
    title: "All contexts share this default",
    body: "A change in one context is seen in every other. Use no default, and set the value.",
    reference: ruffPage("mutable-contextvar-default"),
  },
};
