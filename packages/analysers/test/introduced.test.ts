import { afterAll, expect, it } from "vitest";
import type { AnalysedFile } from "../src/analysed-file.ts";
import { createAnalysers } from "../src/analysers.ts";

const analysers = createAnalysers();
afterAll(() => analysers.close());

/** The lines and rules found in a change of `src/a.ts` from `base` to `content`. */
async function found(base: string | undefined, content: string, ...added: number[]): Promise<string[]> {
  const file: AnalysedFile = {
    path: "src/a.ts",
    content,
    addedLines: new Set(added),
    ...(base === undefined ? {} : { base }),
  };
  const { findings, failures } = await analysers.analyse([file]);
  expect(failures).toEqual([]);
  return findings.map(({ startLine, rule }) => `${startLine} ${rule}`);
}

const loop = "orders.forEach(async (order) => {\n  await ship(order);\n});\n";
const swallowed = "script/swallowed-error";
const forEach = "script/async-for-each";

it("does not blame a change for old code that it moved", async () => {
  const moved = `log();\n\n${loop}`;
  expect(await found(`${loop}\nlog();\n`, moved, 3, 4, 5)).toEqual([]);
  expect(await found(undefined, moved, 3, 4, 5)).toEqual([`3 ${forEach}`]);
});

it("does not blame a change for old code that it indents, or whose line ends it changes", async () => {
  const indented = `if (open) {\r\n  ${loop.replaceAll("\n", "\r\n  ")}}\r\n`;
  expect(await found(loop, indented, 1, 2, 3, 4, 5)).toEqual([]);
});

it("finds the copy of an old defect, and leaves the old one alone", async () => {
  expect(await found(loop, `${loop}${loop}`, 4, 5, 6)).toEqual([`4 ${forEach}`]);
  expect(await found(loop, `${loop}${loop}`, 1, 2, 3)).toEqual([`1 ${forEach}`]);
});

it("finds what the change made of lines that stand as they were", async () => {
  const handled = "try {\n  await charge();\n  await ship();\n} catch (error) {\n  report(error);\n}\n";
  const dropped = handled.replace("  report(error);\n", "");
  expect(await found(handled, dropped)).toEqual([`4 ${swallowed}`]);
});

it("takes a new file's lines for new, and an unreadable base's for unknown", async () => {
  expect(await found("", loop, 1, 2, 3)).toEqual([`1 ${forEach}`]);
  expect(await found("x".repeat(6_000), `${loop}${loop}`, 1, 2, 3)).toEqual([`1 ${forEach}`]);
});
