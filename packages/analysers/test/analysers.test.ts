import { afterAll, expect, it } from "vitest";
import type { AnalysedFile } from "../src/analysed-file.ts";
import { createAnalysers } from "../src/analysers.ts";
import { isTestPath } from "../src/is-test-path.ts";

const analysers = createAnalysers();
afterAll(() => analysers.close());

/** A file of which the given lines (all, where none are given) were added. */
function file(path: string, content: string, ...added: number[]): AnalysedFile {
  const all = content.split("\n").map((_, index) => index + 1);
  return { path, content, addedLines: new Set(added.length === 0 ? all : added) };
}

const loop = "orders.forEach(async (order) => {\n  log(order);\n  await ship(order);\n});\n";
const query = "db.query(`SELECT *\n  FROM orders\n  WHERE id = ${id}`);\n";

it("names its analysers", () => {
  expect(analysers.names).toEqual([
    "committed secrets",
    "Python (ruff)",
    "JavaScript and TypeScript (oxlint)",
    "workflows (actionlint)",
    "code rules",
  ]);
});

it.each([
  ["src/a.py", "raise 'no'\n", "python/raise-literal"],
  ["src/a.mts", "debugger;\n", "script/debugger"],
  [
    ".github/workflows/a.yml",
    "on: push\njobs: {a: {runs-on: x, needs: b, steps: []}}\n",
    "workflow/unknown-need",
  ],
  ["src/a.go", "package a\n\nvar c = tls.Config{InsecureSkipVerify: true}\n", "go/tls-unverified"],
])("gives each file to those who know its language: %s", async (path, content, rule) => {
  const { findings, failures } = await analysers.analyse([file(path, content), file("notes.txt", content)]);
  expect(findings.map((finding) => finding.rule)).toEqual([rule]);
  expect(failures).toEqual([]);
});

it("reports what was added and leaves the old alone", async () => {
  const old = `if (x = 1) f();\n\nif (y = 2) f();\n`;
  const { findings } = await analysers.analyse([file("src/a.ts", old, 2, 3)]);
  expect(findings.map(({ startLine, endLine }) => [startLine, endLine])).toEqual([[3, 3]]);
});

it("does not blame a change inside a callback for the old call around it", async () => {
  expect((await analysers.analyse([file("src/a.ts", loop, 2)])).findings).toEqual([]);
  expect((await analysers.analyse([file("src/a.ts", loop, 1)])).findings).toHaveLength(1);
});

it("places a finding on the first unbroken run of added lines of its match", async () => {
  const placed = async (...added: number[]) => {
    const { findings } = await analysers.analyse([file("src/a.ts", query, ...added)]);
    return findings.map(({ startLine, endLine }) => [startLine, endLine]);
  };
  expect(await placed(1, 2, 3)).toEqual([[1, 3]]);
  expect(await placed(3)).toEqual([[3, 3]]);
  expect(await placed(1, 3)).toEqual([[1, 1]]);
});

it("suggests the whole line, with its indentation, where the repair is certain", async () => {
  const source = "function f(xs) {\n  for (let i = 0; i <= xs.length; i++) g(xs[i]);\n}\n";
  const { findings } = await analysers.analyse([file("src/a.js", source)]);
  expect(findings[0]?.suggestion).toBe("  for (let i = 0; i < xs.length; i++) g(xs[i]);");
});

it("keeps a suggestion to itself where the text stands twice in the line", async () => {
  const { findings } = await analysers.analyse([file("src/a.js", "if (x = 1) f(x = 1);\n")]);
  expect(findings[0]?.rule).toBe("script/assignment-as-condition");
  expect(findings[0]?.suggestion).toBeUndefined();
});

it("says nothing of what the parser could not read, but that it could not", async () => {
  const { findings, failures } = await analysers.analyse([file("src/a.ts", "class A { if (x = 1) ${ }\n")]);
  const analyser = "JavaScript and TypeScript (oxlint)";
  expect({ findings, failures }).toEqual({
    findings: [],
    failures: [{ analyser, path: "src/a.ts", reason: "line 1 cannot be parsed" }],
  });
});

it("spares tests where a defect does no harm in them", async () => {
  const source = "db.query(`DELETE FROM orders WHERE id = ${id}`);\n";
  expect((await analysers.analyse([file("test/orders.ts", source)])).findings).toEqual([]);
  expect((await analysers.analyse([file("src/orders.ts", source)])).findings).toHaveLength(1);
});

it.each([
  ["src/orders.test.ts", true],
  ["test_orders.py", true],
  ["orders_test.go", true],
  ["src/__tests__/a.js", true],
  ["app/OrderTest.java", true],
  ["spec/order_spec.rb", true],
  ["src/latest.ts", false],
  ["src/contest/orders.py", false],
  ["src/attestation.go", false],
])("knows a test by its path: %s %s", (path, expected) => {
  expect(isTestPath(path)).toBe(expected);
});

it.each([
  ["larger than 1 MB", "a = 1;\n".repeat(150_000)],
  ["has a line of more than 5,000 characters", `const a = "${"x".repeat(6_000)}";`],
])("skips a file that %s, says so, and reads the next", async (reason, content) => {
  const { findings, failures } = await analysers.analyse([
    file("src/big.ts", content),
    file("src/a.ts", loop),
  ]);
  const readers = ["committed secrets", "JavaScript and TypeScript (oxlint)", "code rules"];
  expect(failures).toEqual(readers.map((analyser) => ({ analyser, path: "src/big.ts", reason })));
  expect(findings).toHaveLength(1);
});

it("looks at no file without added lines", async () => {
  const { findings, failures } = await analysers.analyse([
    { path: "a.ts", content: loop, addedLines: new Set() },
  ]);
  expect({ findings, failures }).toEqual({ findings: [], failures: [] });
});
