import type { LinterRule } from "../linter-rule.ts";
import { oxlintPage } from "./oxlint-page.ts";

const correctness = { severity: "moderate", category: "correctness", tests: "read" } as const;
const likely = { ...correctness, severity: "minor" } as const;

/** Rules of oxlint on the platform's and libraries' functions, on React, and on tests, by the codes of its findings. */
export const oxlintLibraryRules: Readonly<Record<string, LinterRule>> = {
  "eslint(no-implied-eval)": {
    severity: "minor",
    category: "security",
    tests: "skip",
    id: "script/implied-eval",
    title: "A string is run as code",
    body: "A text given to a timer runs with all rights of the program. Give it a function.",
    reference: "CWE-95",
  },
  "eslint(no-debugger)": {
    ...likely,
    category: "reliability",
    id: "script/debugger",
    title: "A breakpoint is left in the code",
    body: "Whoever has developer tools open stops here.",
    reference: "CWE-489",
  },
  "eslint(array-callback-return)": {
    ...correctness,
    id: "script/callback-without-return",
    title: "The callback returns nothing on some of its ways",
    body: "What it returns decides here, and `undefined` counts as false. Return a value on every way.",
    reference: oxlintPage("eslint/array-callback-return"),
  },
  "unicorn(no-await-in-promise-methods)": {
    ...likely,
    category: "performance",
    severity: "nit",
    id: "script/await-in-all",
    title: "These promises run one after the other",
    body: "`await` inside the list waits for each before the next begins. Take it away.",
    reference: oxlintPage("unicorn/no-await-in-promise-methods"),
  },
  "unicorn(no-invalid-fetch-options)": {
    ...correctness,
    id: "script/fetch-body",
    title: "GET and HEAD take no body",
    body: "`fetch` raises a `TypeError`.",
    reference: oxlintPage("unicorn/no-invalid-fetch-options"),
  },
  "unicorn(no-invalid-remove-event-listener)": {
    ...likely,
    id: "script/listener-stays",
    title: "This removes no listener",
    body: "The function is made here, so it is not the one that was added. Keep that one in a variable.",
    reference: oxlintPage("unicorn/no-invalid-remove-event-listener"),
  },
  "unicorn(no-array-fill-with-reference-type)": {
    ...likely,
    id: "script/shared-fill",
    title: "All elements are one object",
    body: "What is changed in one is changed in all. Write `Array.from({ length: n }, () => ...)`.",
    reference: oxlintPage("unicorn/no-array-fill-with-reference-type"),
  },
  "promise(no-new-statics)": {
    ...correctness,
    id: "script/new-static",
    title: "This is not a constructor",
    body: "`Promise.all`, `resolve` and their like are called without `new`: a `TypeError` is raised.",
    reference: oxlintPage("promise/no-new-statics"),
  },
  "react-hooks(rules-of-hooks)": {
    ...correctness,
    id: "script/conditional-hook",
    title: "The hook is not called in every rendering",
    body: "React knows hooks by their order: it breaks, or gives one the state of another. Call it at the top.",
    reference: "https://react.dev/reference/rules/rules-of-hooks",
  },
  "react(jsx-key)": {
    ...likely,
    severity: "nit",
    id: "script/missing-key",
    title: "The list's elements have no key",
    body: "React tells them apart by position: state and focus move to another when the list changes.",
    reference: "https://react.dev/learn/rendering-lists",
  },
  "react(jsx-no-duplicate-props)": {
    ...likely,
    id: "script/repeated-property",
    title: "The element has this property twice",
    body: "Only the last value is kept.",
    reference: oxlintPage("react/jsx-no-duplicate-props"),
  },
  "react(no-direct-mutation-state)": {
    ...likely,
    id: "script/state-mutated",
    title: "The state is changed past React",
    body: "Nothing is rendered anew, and a later `setState` may undo it. Call `setState`.",
    reference: oxlintPage("react/no-direct-mutation-state"),
  },
  "react(void-dom-elements-no-children)": {
    ...likely,
    id: "script/void-element-children",
    title: "This element takes no children",
    body: "React raises an error when it is rendered.",
    reference: oxlintPage("react/void-dom-elements-no-children"),
  },
  "jest(no-focused-tests)": {
    ...likely,
    category: "reliability",
    id: "script/focused-test",
    title: "Only this test runs",
    body: "`only` leaves out all other tests of the file, and the run is green. Take it away.",
    reference: oxlintPage("jest/no-focused-tests"),
  },
};
