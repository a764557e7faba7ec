import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { oxlintRules } from "../src/scripts/oxlint-rules.ts";
import { createScriptsAnalyser } from "../src/scripts/scripts-analyser.ts";

const analyser = createScriptsAnalyser();
const rulesIn = async (content: string, path = "src/shop.ts") =>
  (await analyser.analyse({ path, content })).map(({ rule }) => rule);

/** What each rule of oxlint that is asked finds, by the code of its findings. */
const examples: Record<string, readonly [content: string, path?: string]> = {
  "eslint(use-isnan)": ["if (price === NaN) stop();"],
  "eslint(valid-typeof)": ["if (typeof x === 'array') f();"],
  "oxc(bad-object-literal-comparison)": ["if (items === []) f();"],
  "eslint(no-unsafe-negation)": ["if (!name in table) f();"],
  "oxc(const-comparisons)": ["if (a.start || a.start) f();"],
  "oxc(double-comparisons)": ["if (a === b || a < b) f();"],
  "eslint(no-dupe-else-if)": ["if (a.open) {\n  f();\n} else if (a.open) {\n  g();\n}"],
  "eslint(no-unsafe-finally)": ["function f() {\n  try { return g(); } finally { return 1; }\n}"],
  "eslint(no-async-promise-executor)": [
    "export const f = () => new Promise(async (resolve) => { resolve(await g()); });",
  ],
  "eslint(no-constant-binary-expression)": ["const a = !b == null ?? c;"],
  "eslint(no-compare-neg-zero)": ["if (x === -0) f();"],
  "oxc(bad-char-at-comparison)": ["if (a.charAt(1) === 'ab') f();"],
  "oxc(bad-min-max-func)": ["Math.min(Math.max(100, x), 0);"],
  "eslint(no-const-assign)": ["const a = 1;\na = 2;"],
  "eslint(no-import-assign)": ["import a from 'a';\na = 2;"],
  "eslint(no-class-assign)": ["class A {}\nA = 1;"],
  "eslint(no-global-assign)": ["undefined = 1;", "a.js"],
  "eslint(no-this-before-super)": ["class A extends B { constructor() { this.a = 1; super(); } }"],
  "oxc(bad-comparison-sequence)": ["if (1 < x < 3) f();"],
  "oxc(misrefactored-assign-op)": ["a += a + b;"],
  "oxc(number-arg-out-of-range)": ["(1).toFixed(200);"],
  "oxc(uninvoked-array-callback)": ["const a = new Array(5).map((_, i) => i);"],
  "oxc(bad-replace-all-arg)": ["a.replaceAll(/x/, 'y');"],
  "oxc(bad-array-method-on-arguments)": ["function f() { return arguments.map((x) => x); }"],
  "eslint(for-direction)": ["for (let i = 0; i < 10; i--) f();"],
  "eslint(no-dupe-keys)": ["f({ a: 1, a: 2 });"],
  "eslint(no-dupe-class-members)": ["class A { f() {} f() {} }", "a.js"],
  "eslint(no-duplicate-case)": ["switch (a) { case 1: f(); break; case 1: g(); }"],
  "typescript(no-duplicate-enum-values)": ["enum A { B = 1, C = 1 }"],
  "eslint(no-unreachable)": ["function f() { return 1; g(); }"],
  "eslint(no-unsafe-optional-chaining)": ["(a?.b).c;"],
  "eslint(no-obj-calls)": ["Math();"],
  "eslint(no-invalid-regexp)": ["new RegExp('(');"],
  "eslint(no-empty-character-class)": ["/^abc[]/.test(x);"],
  "eslint(no-useless-backreference)": ["/\\1(a)/.test(x);"],
  "eslint(no-loss-of-precision)": ["const a = 5123000000000000000000000000001;"],
  "eslint(no-unexpected-multiline)": ["const a = b\n(c || d).f();"],
  "eslint(no-setter-return)": ["const a = { set b(c) { return c; } };"],
  "eslint(no-implied-eval)": ["setTimeout('go()', 100);"],
  "eslint(no-debugger)": ["debugger;"],
  "eslint(array-callback-return)": ["const a = xs.filter((x) => { x.open; });"],
  "unicorn(no-await-in-promise-methods)": ["await Promise.all([await a(), b()]);"],
  "unicorn(no-invalid-fetch-options)": ["await fetch('x', { method: 'GET', body: 'x' });"],
  "unicorn(no-invalid-remove-event-listener)": ["el.removeEventListener('x', () => {});"],
  "unicorn(no-array-fill-with-reference-type)": ["const a = new Array(3).fill({});"],
  "promise(no-new-statics)": ["new Promise.resolve(1);"],
  "react-hooks(rules-of-hooks)": ["function C() { if (z) { useEffect(() => {}); } return <b />; }", "C.tsx"],
  "react(jsx-key)": ["const a = xs.map((x) => <li>{x}</li>);", "C.jsx"],
  "react(jsx-no-duplicate-props)": ["const a = <A b={1} b={2} />;", "C.tsx"],
  "react(no-direct-mutation-state)": [
    "class C extends React.Component { f() { this.state.a = 1; } }",
    "C.tsx",
  ],
  "react(void-dom-elements-no-children)": ["const a = <img>x</img>;", "C.tsx"],
  "jest(no-focused-tests)": ["it.only('works', () => {});", "src/a.test.ts"],
};

it("has an example for every rule that it asks for, and asks for every rule that it knows", async () => {
  expect(Object.keys(examples).toSorted()).toEqual(Object.keys(oxlintRules).toSorted());
  const config = new URL("../src/scripts/oxlint.json", import.meta.url);
  const { rules } = JSON.parse(await readFile(config, "utf8")) as { rules: object };
  const codes = Object.keys(oxlintRules).map((code) =>
    code.replace("react-hooks", "react").replace("(", "/"),
  );
  expect(Object.keys(rules).toSorted()).toEqual(codes.map((code) => code.replace(")", "")).toSorted());
});

it.each(Object.entries(examples))("finds %s: %j", async (code, [content, path]) => {
  expect(await rulesIn(content, path)).toContain(oxlintRules[code]?.id);
});

describe("passes what looks like a defect", () => {
  it.each([
    "if (Number.isNaN(price)) stop();\nconst price = NaN;",
    "if (typeof x === 'function') f();\nif (kind === 'array') f();",
    "if (items.length === 0) f();\nconst xs = items === none ? [] : items;",
    "if (!(name in table)) f();\nif (error instanceof Refused) f();",
    "if (a.start || a.end) f();\nconst n = next() || next();\nif (x !== x) f();",
    "if (a.open) { f(); } else if (b.open) { g(); }",
    "function f() { try { g(); } finally { xs.map((x) => { return x; }); } }",
    "export const f = () => new Promise((resolve) => setTimeout(resolve, 10));",
    "while (true) { if (f()) break; }\nfor (;;) g();",
    "const names = xs.map((x) => { if (x.open) return x.name; });",
    "setTimeout(() => go(), 100);",
    "0 && (module.exports = { a });",
    "function f() { let e; try { g(); } catch (caught) { e = caught; } finally { if (e) throw e; } }",
    "const unused = 1;\nfunction f(a, b) { return a }\nvar x = 'a' + 'b'",
    "class A extends B { constructor(a) { super(a), (this.a = a); } }",
    "const a = useColors();",
  ])("%j", async (content) => {
    expect(await rulesIn(content)).toEqual([]);
  });
});

it.each([
  "// eslint-disable-next-line",
  "/* eslint-disable */",
  "// oxlint-disable-next-line",
  "/* OXLINT-disable */",
])("does not let the pull request switch it off: %s", async (comment) => {
  expect(await rulesIn(`${comment}\ndebugger;\n`)).toEqual(["script/debugger"]);
});

it.each([
  "../../../etc/passwd.ts",
  "/etc/a.ts",
  "a/%2e%2e/b#c?d.ts",
  "ä ö/[id].tsx",
  ".oxlintrc/a.ts",
  "a\\b.ts",
])("reads what it is given, whatever its path is: %s", async (path) => {
  expect(await rulesIn("debugger;\n", path)).toEqual(["script/debugger"]);
});

it("tells lines as git counts them", async () => {
  const content = "\ufeffconst a = 'x\u2028y';\r\nconst b = 1;\r  f();\r\ndebugger;\r\n";
  const [finding] = await analyser.analyse({ path: "a.ts", content });
  expect(finding).toMatchObject({ startLine: 3, endLine: 3 });
});

it("says which line it cannot parse, quotes nothing of it, and reads the next file", async () => {
  await expect(rulesIn("const a = 1;\nconst secret = = 2;\n")).rejects.toThrow(/^line 2 cannot be parsed$/);
  expect(await rulesIn("debugger;\n")).toEqual(["script/debugger"]);
});

it("reads halves of characters", async () => {
  expect(await rulesIn("const a = '\ud800';\ndebugger;\n")).toEqual(["script/debugger"]);
});

it("starts oxlint anew after a text that ended it", async () => {
  await expect(rulesIn(`${"if (a) ".repeat(600)}\n`.repeat(60))).rejects.toThrow(/^its process ended$/);
  expect(await rulesIn("debugger;\n")).toEqual(["script/debugger"]);
});
