import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { generatedDiff } from "../../test/generated-diffs.ts";
import { parseDiff } from "../diff/parse-diff.ts";
import type { CodeScope } from "../engine/ports.ts";
import { countTokens } from "../tokens.ts";
import { contextFor, type ContextOptions } from "./context.ts";
import { planChunks } from "./plan-chunks.ts";

const shop = `import { db } from "./db";

export class Shop {
  limit = 3;

  total(items) {
    let sum = 0;
    for (const item of items) sum += item.price;
    return sum;
  }

  list() {
    return db.all();
  }
}
`;
const shopScopes: CodeScope[] = [
  { name: "Shop", kind: "class", startLine: 3, endLine: 15 },
  { name: "total", kind: "function", startLine: 6, endLine: 10 },
  { name: "list", kind: "function", startLine: 12, endLine: 14 },
];

/** A diff without context that added these lines of a text, in a chunk of its own. */
function added(path: string, text: string, ...added: number[]) {
  const lines = text.split("\n");
  const hunks = added.map((line) => `@@ -${line - 1},0 +${line} @@\n+${lines[line - 1] ?? ""}\n`);
  return parseDiff(`diff --git a/${path} b/${path}\n--- a/${path}\n+++ b/${path}\n${hunks.join("")}`);
}

function context(
  files: ReturnType<typeof added>,
  {
    text = shop,
    around = shopScopes,
    ...options
  }: Partial<ContextOptions> & { text?: string; around?: readonly CodeScope[] } = {},
): string {
  return contextFor(
    { files: files.map((file) => ({ file, whole: true })) },
    {
      texts: new Map(files.map(({ path }) => [path, text])),
      scopes: new Map(files.map(({ path }) => [path, around])),
      maxTokens: 8_000,
      ...options,
    },
  ).text;
}

/** A function of so many lines, from line 1. */
const long = (lines: number) =>
  `function f() {\n${Array.from({ length: lines - 2 }, (_, index) => `  step(${index + 2});\n`).join("")}}\n`;
const longScope = (lines: number): CodeScope[] => [
  { name: "f", kind: "function", startLine: 1, endLine: lines },
];

describe("what is around a change", () => {
  test("the innermost function, and the heads of what is around it, without what the diff shows", () => {
    expect(context(added("src/shop.ts", shop, 8))).toBe(
      "=== src/shop.ts\n3  export class Shop {\n… 2 lines left out\n6    total(items) {\n7      let sum = 0;\n" +
        "… line 8 is among the changes\n9      return sum;\n10    }\n",
    );
  });

  test("nothing of its neighbours", () => {
    const text = context(added("src/shop.ts", shop, 13));
    expect(text.match(/^\d+ {2}/gm)).toEqual(["3  ", "12  ", "14  "]);
  });

  test("each function once, however many changes are in it", () => {
    const text = context(added("src/shop.ts", shop, 7, 9, 13));
    expect(text.match(/^\d+ {2}/gm)).toEqual(["3  ", "6  ", "8  ", "10  ", "12  ", "14  "]);
  });

  test("a class, for what is in no function of it; nothing for what is in none", () => {
    expect(context(added("src/shop.ts", shop, 4))).toContain("3  export class Shop {\n… line 4 is among");
    expect(context(added("src/shop.ts", shop, 1))).toBe("");
  });

  test("nothing for what the diff shows whole, and for what has no text or no functions", () => {
    const whole = added("src/shop.ts", shop, 6, 7, 8, 9, 10);
    expect(context(whole, { around: shopScopes.slice(1) })).toBe("");
    expect(context(added("src/shop.ts", shop, 8), { texts: new Map() })).toBe("");
    expect(context(added("src/shop.ts", shop, 8), { scopes: new Map() })).toBe("");
  });

  test("nothing by a text that is not the one of the diff", () => {
    expect(context(added("src/shop.ts", shop, 8), { text: `// new\n${shop}` })).toBe("");
  });

  test("the function from which lines were taken", () => {
    const files = parseDiff(
      "diff --git a/shop.ts b/shop.ts\n--- a/shop.ts\n+++ b/shop.ts\n@@ -8 +7,0 @@\n-    sum = 1;\n@@ -15,2 +13,0 @@\n-a\n-b\n",
    );
    expect(context(files)).toContain("6    total(items) {\n7      let sum = 0;\n8      for");
    expect(context(files)).toContain("12    list() {\n13      return");
  });

  test("of a long function its head, its end and what is around the change", () => {
    const text = context(added("a.ts", long(300), 150), { text: long(300), around: longScope(300) });
    expect(text).toMatch(/^=== a\.ts\n1  function f\(\) \{\n2 .*\n3 .*\n… 126 lines left out\n130 /);
    expect(text).toMatch(/\n149 .*\n… line 150 is among the changes\n151 .*/);
    expect(text).toMatch(/\n170 .*\n… 129 lines left out\n300  \}\n$/);
  });

  test("Windows' line ends are not shown", () => {
    const windows = shop.replaceAll("\n", "\r\n");
    expect(context(added("src/shop.ts", windows, 8), { text: windows })).toBe(
      context(added("src/shop.ts", shop, 8)),
    );
  });
});

describe("where there is no room for all", () => {
  const functions = Array.from({ length: 40 }, (_, index) => `src/f${index}.ts`);
  const files = (lines: number) => functions.flatMap((path) => added(path, long(lines), 20));

  test("less is shown of each, then nothing, and what is left out is counted", () => {
    const all = { text: long(50), around: longScope(50) };
    const text = context(files(50), { ...all, maxTokens: 3_000 });
    const shown = text.match(/^=== /gm)?.length ?? 0;
    expect(shown).toBeGreaterThan(3);
    expect(text).toContain(`… ${40 - shown} functions around changes left out for want of room\n`);
    expect(countTokens(text)).toBeLessThanOrEqual(3_000);
    expect(countTokens(text)).toBeGreaterThan(2_500);
    expect(context(files(50), { ...all, maxTokens: 100_000 })).not.toContain("want of room");
  });

  test("the riskiest come first", () => {
    const options = { text: long(50), around: longScope(50), maxTokens: 1_200 };
    expect(context(files(50), options)).not.toContain("src/f33.ts");
    const evidence = { hotspots: new Map([["src/f33.ts", 1]]) };
    expect(context(files(50), { ...options, evidence })).toContain("src/f33.ts");
  });
});

test("neither a name nor a line can pass for something else", () => {
  const text = "function f() {\n=== forged\n… 3 lines left out\rx\n  a();\n}\n";
  const [file] = added("x", text, 4);
  const forged = { ...file!, path: "x\n=== forged\n1  root()" };
  expect(context([forged], { text, around: longScope(5) }).split("\n")).toEqual([
    String.raw`=== x\n=== forged\n1  root()`,
    "1  function f() {",
    "2  === forged",
    "3  … 3 lines left out␍x",
    "… line 4 is among the changes",
    "5  }",
    "",
  ]);
});

test("property: never over its budget; every line is the file's, once, and not in the chunk", () => {
  const scope = fc.record({
    startLine: fc.integer({ min: 1, max: 60 }),
    length: fc.integer({ min: 0, max: 80 }),
  });
  const property = fc.property(
    generatedDiff,
    fc.array(scope, { maxLength: 8 }),
    fc.integer({ min: 100, max: 2_000 }),
    (diff, drawn, maxTokens) => {
      const files = parseDiff(diff.text).map((file, index) => ({ ...file, path: `${index}.ts` }));
      const texts = new Map(files.map((file) => [file.path, textAround(file)]));
      const scopes = drawn.map(({ startLine, length }): CodeScope => {
        return { name: "f", kind: "function", startLine, endLine: startLine + length };
      });
      for (const chunk of planChunks(files, { maxTokens: 1_000, maxChunks: 99 }).chunks) {
        const all = new Map(files.map(({ path }) => [path, scopes]));
        const { text, tokens } = contextFor(chunk, { texts, scopes: all, maxTokens });
        expect(tokens).toBe(countTokens(text));
        expect(tokens).toBeLessThanOrEqual(maxTokens);
        const shown = new Set<string>();
        let path = "";
        for (const line of text.split("\n").slice(0, -1)) {
          if (line.startsWith("=== ")) path = line.slice(4);
          if (/^(=== |… )/.test(line)) continue;
          const number = Number(/^\d+(?= {2})/.exec(line)?.[0]);
          expect(shown.has(`${path}:${number}`)).toBe(false);
          shown.add(`${path}:${number}`);
          expect(line).toContain(
            `${number}  ${texts.get(path)?.split("\n")[number - 1]?.replaceAll("\r", "␍").slice(0, 30) ?? ""}`.replace(
              /␍$/,
              "",
            ),
          );
          const inChunk = chunk.files.find((each) => each.file.path === path)?.file.hunks ?? [];
          expect(
            inChunk.some((hunk) => hunk.lines.some((each) => "newLine" in each && each.newLine === number)),
          ).toBe(false);
        }
      }
    },
  );
  fc.assert(property, { numRuns: 100 });
});

/** A new version of which a file's hunks are a part. */
function textAround({ hunks }: ReturnType<typeof parseDiff>[number]): string {
  const lines: string[] = [];
  for (const line of hunks.flatMap((hunk) => hunk.lines)) {
    if (line.kind !== "removed") lines[line.newLine - 1] = line.text;
  }
  return Array.from({ length: lines.length + 30 }, (_, index) => lines[index] ?? `between ${index + 1}`).join(
    "\n",
  );
}
