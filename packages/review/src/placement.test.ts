import { describe, expect, test } from "vitest";
import { fileDiffFromPatch } from "./diff/github-file.ts";
import { parseDiff } from "./diff/parse-diff.ts";
import type { Finding } from "./model.ts";
import { placeFindings } from "./placement.ts";

/** Hunks over the new lines 10 to 14 and 30 to 32, a renamed file, and files without lines. */
const files = parseDiff(
  `diff --git a/src/x.ts b/src/x.ts
--- a/src/x.ts
+++ b/src/x.ts
@@ -10,4 +10,5 @@
 ten
-old
+eleven
+twelve
 thirteen
 fourteen
@@ -29,3 +30,3 @@
 thirty
-old
+thirty-one
 thirty-two
diff --git a/lib/old.ts b/lib/new.ts
similarity index 90%
rename from lib/old.ts
rename to lib/new.ts
--- a/lib/old.ts
+++ b/lib/new.ts
@@ -1 +1 @@
-a
+b
diff --git a/gone.ts b/gone.ts
deleted file mode 100644
--- a/gone.ts
+++ /dev/null
@@ -1 +0,0 @@
-a
diff --git a/logo.png b/logo.png
index 1..2 100644
Binary files a/logo.png and b/logo.png differ
`,
);

const finding: Finding = {
  source: "model",
  rule: "model",
  severity: "moderate",
  category: "correctness",
  path: "src/x.ts",
  startLine: 11,
  endLine: 12,
  title: "t",
  body: "b",
  suggestion: "eleven\ntwelve",
};

const placed = (changes: Partial<Finding>, diff = files, head = {}) => {
  const [found] = placeFindings([{ ...finding, ...changes }], diff, head);
  if (!found) throw new Error("a finding is lost");
  return found;
};
const at = (path: string, startLine: number, endLine = startLine) =>
  placed({ path, startLine, endLine }).placement;

describe("on the diff", () => {
  test("a line, added or not", () => {
    expect(at("src/x.ts", 11)).toEqual({ kind: "inline", path: "src/x.ts", line: 11, by: "line" });
    expect(at("src/x.ts", 10)).toEqual({ kind: "inline", path: "src/x.ts", line: 10, by: "line" });
    expect(at("src/x.ts", 14)).toEqual({ kind: "inline", path: "src/x.ts", line: 14, by: "line" });
  });

  test("a range in one hunk stays as it is", () => {
    expect(at("src/x.ts", 11, 13)).toEqual({
      kind: "inline",
      path: "src/x.ts",
      startLine: 11,
      line: 13,
      by: "line",
    });
  });

  test("a range over two hunks keeps the part that holds its end", () => {
    expect(at("src/x.ts", 12, 31)).toEqual({
      kind: "inline",
      path: "src/x.ts",
      startLine: 30,
      line: 31,
      by: "line",
    });
  });

  test("a range that runs out of its hunk keeps the part that holds its start", () => {
    expect(at("src/x.ts", 13, 20)).toEqual({
      kind: "inline",
      path: "src/x.ts",
      startLine: 13,
      line: 14,
      by: "line",
    });
  });

  test("a cut that leaves one line names no start", () => {
    expect(at("src/x.ts", 14, 20)).toEqual({ kind: "inline", path: "src/x.ts", line: 14, by: "line" });
    expect(at("src/x.ts", 5, 10)).toEqual({ kind: "inline", path: "src/x.ts", line: 10, by: "line" });
  });

  test("ends given the wrong way round", () => {
    expect(at("src/x.ts", 13, 11)).toEqual({
      kind: "inline",
      path: "src/x.ts",
      startLine: 11,
      line: 13,
      by: "line",
    });
  });

  test.each(["lib/new.ts", "./lib/new.ts", "b/lib/new.ts", "lib/old.ts", "a/lib/old.ts"])(
    "the path %s",
    (path) => {
      expect(at(path, 1)).toEqual({ kind: "inline", path: "lib/new.ts", line: 1, by: "line" });
    },
  );

  test("a folder that is named a is not taken for a prefix", () => {
    const both = ["x.ts", "a/x.ts"].flatMap((path) =>
      parseDiff(`diff --git a/${path} b/${path}\n--- a/${path}\n+++ b/${path}\n@@ -1 +1 @@\n-a\n+b\n`),
    );
    expect(placed({ path: "a/x.ts" }, both).path).toBe("a/x.ts");
  });

  test("a file that became a link is in the diff twice, and its new version counts", () => {
    const link = parseDiff(
      "diff --git a/x b/x\ndeleted file mode 100644\n--- a/x\n+++ /dev/null\n@@ -1 +0,0 @@\n-a\n" +
        "diff --git a/x b/x\nnew file mode 120000\n--- /dev/null\n+++ b/x\n@@ -0,0 +1 @@\n+y\n\\ No newline at end of file\n",
    );
    expect(placed({ path: "x", startLine: 1, endLine: 1 }, link).placement).toMatchObject({
      kind: "inline",
      line: 1,
    });
  });
});

describe("in the summary, with the reason", () => {
  test.each([
    ["src/x.ts", 20, 20, "line 20 is not part of the diff"],
    ["src/x.ts", 15, 29, "lines 15 to 29 are not part of the diff"],
    ["src/x.ts", 0, 0, "line 0 is not part of the diff"],
    ["src/y.ts", 1, 1, "src/y.ts is not part of the diff"],
    ["gone.ts", 1, 1, "the file was deleted"],
    ["logo.png", 1, 1, "the file is binary"],
  ])("%s, lines %i to %i", (path, start, end, reason) => {
    expect(at(path, start, end)).toEqual({ kind: "summary", reason });
  });

  test("a file too large for GitHub to show", () => {
    const large = fileDiffFromPatch({ path: "x", status: "modified", additions: 9_999, deletions: 0 });
    expect(placed({ path: "x" }, [large]).placement).toEqual({
      kind: "summary",
      reason: "GitHub shows no diff for the file",
    });
  });
});

describe("on the old side", () => {
  const before = (startLine: number, endLine = startLine, path = "src/x.ts") =>
    placed({ path, side: "old", startLine, endLine }).placement;

  test("a removed line, an unchanged one, and several in one hunk", () => {
    const old = { kind: "inline", path: "src/x.ts", side: "old", by: "line" };
    expect(before(11)).toEqual({ ...old, line: 11 });
    expect(before(10)).toEqual({ ...old, line: 10 });
    expect(before(11, 12)).toEqual({ ...old, startLine: 11, line: 12 });
    expect(before(13, 30)).toEqual({ ...old, startLine: 29, line: 30 });
  });

  test("a line of a file that was deleted, or had another name", () => {
    expect(before(1, 1, "gone.ts")).toMatchObject({ kind: "inline", path: "gone.ts", side: "old", line: 1 });
    expect(before(1, 1, "lib/old.ts")).toMatchObject({ path: "lib/new.ts", side: "old", line: 1 });
  });

  test("a line that only the new version has is told in the summary", () => {
    expect(before(14)).toEqual({
      kind: "summary",
      reason: "line 14 before the change is not part of the diff",
    });
  });
});

describe("by the code that is quoted", () => {
  const shop = parseDiff(
    "diff --git a/shop.ts b/shop.ts\n--- a/shop.ts\n+++ b/shop.ts\n@@ -10,6 +10,9 @@\n" +
      " function total(items) {\n-  return count(items);\n+  let sum = 0;\n+  for (const item of items) {\n" +
      "+    sum += item.price;\n+  }\n   log(sum);\n }\n \n function tax() {\n" +
      "@@ -40,2 +43,3 @@\n log(sum);\n+  return sum * 0.2;\n }\n",
  );
  const quoted = (quote: string, startLine: number, changes: Partial<Finding> = {}) => {
    const {
      placement,
      side,
      startLine: start,
      endLine: end,
    } = placed({ path: "shop.ts", startLine, endLine: startLine, quote, ...changes }, shop, {
      texts: changes.body === undefined ? new Map() : new Map([["shop.ts", changes.body]]),
    });
    return { placement, side, lines: [start, end] };
  };

  test.each<[string, string, number, number]>([
    ["stands on the named line", "  sum += item.price;", 13, 13],
    ["stands on another", "    sum += item.price;", 44, 13],
    ["is indented otherwise", "sum   +=\titem.price;", 11, 13],
    ["has the diff's numbers and signs", "13 +    sum += item.price;\n14 +  }", 11, 13],
    ["has the diff's signs", "+    sum += item.price;\n+  }", 11, 13],
    ["is in back-ticks", "`sum += item.price;`", 11, 13],
    ["is in a fence", "```ts\nsum += item.price;\n```", 11, 13],
    ["begins above the named line", "let sum = 0;\nfor (const item of items) {", 13, 11],
    ["is a part of a line near by", "const item of items", 10, 12],
    ["is there twice, and once near", "  log(sum);", 14, 15],
    ["passes over a blank line", "log(sum);\n}\nfunction tax() {", 14, 15],
    ["stands around the named line", "for (const item of items) {\nsum += item.price;\n}", 13, 13],
  ])("the line is found where the quote %s", (_, quote, named, line) => {
    expect(quoted(quote, named)).toEqual({
      placement: { kind: "inline", path: "shop.ts", line, by: "quote" },
      side: undefined,
      lines: [line, line],
    });
  });

  test("a range moves as a whole", () => {
    expect(quoted("for (const item of items) {", 8, { endLine: 10 })).toMatchObject({
      placement: { startLine: 12, line: 14, by: "quote" },
      lines: [12, 14],
    });
  });

  test.each<[string, string, number]>([
    ["says nothing", "}", 12],
    ["is nowhere", "sum -= 1;", 12],
    ["is as far above as below", "log(sum);", 29],
    ["is there twice, and far from both", "log(sum);", 200],
  ])("the named line holds where the quote %s", (_, quote, named) => {
    expect(quoted(quote, named)).toMatchObject({ lines: [named, named] });
    expect(quoted(quote, named).placement).not.toMatchObject({ by: "quote" });
  });

  test("removed code is found on the old side, whatever side was named, and added code on the new one", () => {
    expect(quoted("return count(items);", 11)).toMatchObject({
      placement: { kind: "inline", side: "old", line: 11, by: "quote" },
      side: "old",
    });
    expect(quoted("-  return count(items);", 11, { side: "old" })).toMatchObject({
      placement: { side: "old", line: 11 },
    });
    expect(quoted("let sum = 0;", 9, { side: "old" })).toMatchObject({ side: undefined, lines: [11, 11] });
  });

  test("code of the new text goes before equal code of the diff where it is on the named line", () => {
    const body = [...Array.from({ length: 19 }, () => "x"), "sum += item.price;"].join("\n");
    expect(quoted("sum += item.price;", 20, { body })).toMatchObject({
      placement: { kind: "summary" },
      lines: [20, 20],
    });
    expect(quoted("sum += item.price;", 19, { body })).toMatchObject({ lines: [13, 13] });
  });

  test("code that the diff does not show is found in the new text, and not put on the line that was named", () => {
    const body = [...Array.from({ length: 29 }, () => "x"), "  elsewhere();"].join("\n");
    expect(quoted("elsewhere();", 12, { body })).toEqual({
      placement: { kind: "summary", reason: "line 30 is not part of the diff" },
      side: undefined,
      lines: [30, 30],
    });
  });
});

describe("by the function or class", () => {
  const scope = (name: string, kind: "class" | "function", startLine: number, endLine: number) => ({
    name,
    kind,
    startLine,
    endLine,
  });
  const scopes = new Map([
    [
      "src/x.ts",
      [
        scope("Shop", "class", 1, 60),
        scope("inner", "function", 20, 22),
        scope("outer", "function", 12, 25),
        scope("other", "function", 40, 45),
      ],
    ],
  ]);
  const inScope = (line: number, changes: Partial<Finding> = {}) =>
    placed({ startLine: line, endLine: line, ...changes }, files, { scopes });

  test("a line that the diff does not show is told on the nearest added line of its function", () => {
    expect(inScope(18)).toMatchObject({
      startLine: 18,
      placement: { kind: "inline", path: "src/x.ts", line: 12, by: "symbol" },
    });
    expect(inScope(21).placement).toMatchObject({ line: 12, by: "symbol" });
  });

  test("a line of a class outside of its methods on the nearest added line of the class", () => {
    expect(inScope(48).placement).toMatchObject({ line: 31, by: "symbol" });
    expect(inScope(26).placement).toMatchObject({ line: 31, by: "symbol" });
  });

  test("never in another method, and never a line of before", () => {
    expect(inScope(42).placement.kind).toBe("summary");
    expect(inScope(18, { side: "old" }).placement.kind).toBe("summary");
  });
});

test("every finding is kept, with its file's present name, and an analyser's lines stay", () => {
  const ofAnalyser: Finding = { ...finding, source: "analyser", rule: "a/b", startLine: 12, endLine: 40 };
  const all = placeFindings(
    [finding, { ...finding, path: "nowhere" }, { ...finding, path: "lib/old.ts" }, ofAnalyser],
    files,
  );
  expect(all).toMatchObject([
    { ...finding, placement: { kind: "inline", path: "src/x.ts", startLine: 11, line: 12, by: "line" } },
    { path: "nowhere", placement: { kind: "summary", reason: "nowhere is not part of the diff" } },
    { path: "lib/new.ts", placement: { kind: "summary" } },
    { startLine: 12, endLine: 40, placement: { startLine: 12, line: 14 } },
  ]);
});

test("a range over a whole hunk is put on the hunk", () => {
  expect(at("src/x.ts", 5, 20)).toMatchObject({ startLine: 10, line: 14 });
});
