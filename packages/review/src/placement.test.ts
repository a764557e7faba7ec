import { describe, expect, test } from "vitest";
import { fileDiffFromPatch } from "./diff/github-file.ts";
import { parseDiff } from "./diff/parse-diff.ts";
import type { Finding } from "./model.ts";
import { placeFinding, placeFindings } from "./placement.ts";

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

const at = (path: string, startLine: number, endLine = startLine) =>
  placeFinding({ path, startLine, endLine }, files);

describe("on the diff", () => {
  test("a line, added or not", () => {
    expect(at("src/x.ts", 11)).toEqual({ kind: "inline", path: "src/x.ts", line: 11 });
    expect(at("src/x.ts", 10)).toEqual({ kind: "inline", path: "src/x.ts", line: 10 });
    expect(at("src/x.ts", 14)).toEqual({ kind: "inline", path: "src/x.ts", line: 14 });
  });

  test("a range in one hunk stays as it is", () => {
    expect(at("src/x.ts", 11, 13)).toEqual({ kind: "inline", path: "src/x.ts", startLine: 11, line: 13 });
  });

  test("a range over two hunks keeps the part that holds its end", () => {
    expect(at("src/x.ts", 12, 31)).toEqual({ kind: "inline", path: "src/x.ts", startLine: 30, line: 31 });
  });

  test("a range that runs out of its hunk keeps the part that holds its start", () => {
    expect(at("src/x.ts", 13, 20)).toEqual({ kind: "inline", path: "src/x.ts", startLine: 13, line: 14 });
  });

  test("a cut that leaves one line names no start", () => {
    expect(at("src/x.ts", 14, 20)).toEqual({ kind: "inline", path: "src/x.ts", line: 14 });
    expect(at("src/x.ts", 5, 10)).toEqual({ kind: "inline", path: "src/x.ts", line: 10 });
  });

  test("ends given the wrong way round", () => {
    expect(at("src/x.ts", 13, 11)).toEqual({ kind: "inline", path: "src/x.ts", startLine: 11, line: 13 });
  });

  test.each(["lib/new.ts", "./lib/new.ts", "b/lib/new.ts", "lib/old.ts", "a/lib/old.ts"])(
    "the path %s",
    (path) => {
      expect(at(path, 1)).toEqual({ kind: "inline", path: "lib/new.ts", line: 1 });
    },
  );

  test("a folder that is named a is not taken for a prefix", () => {
    const both = ["x.ts", "a/x.ts"].flatMap((path) =>
      parseDiff(`diff --git a/${path} b/${path}\n--- a/${path}\n+++ b/${path}\n@@ -1 +1 @@\n-a\n+b\n`),
    );
    expect(placeFinding({ path: "a/x.ts", startLine: 1, endLine: 1 }, both)).toMatchObject({
      path: "a/x.ts",
    });
  });

  test("a file that became a link is in the diff twice, and its new version counts", () => {
    const link = parseDiff(
      "diff --git a/x b/x\ndeleted file mode 100644\n--- a/x\n+++ /dev/null\n@@ -1 +0,0 @@\n-a\n" +
        "diff --git a/x b/x\nnew file mode 120000\n--- /dev/null\n+++ b/x\n@@ -0,0 +1 @@\n+y\n\\ No newline at end of file\n",
    );
    expect(placeFinding({ path: "x", startLine: 1, endLine: 1 }, link)).toMatchObject({
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
    expect(placeFinding({ path: "x", startLine: 1, endLine: 1 }, [large])).toEqual({
      kind: "summary",
      reason: "GitHub shows no diff for the file",
    });
  });
});

describe("placeFindings", () => {
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

  test("keeps every finding, and a suggestion under its own lines", () => {
    const placed = placeFindings([finding, { ...finding, path: "nowhere" }], files);
    expect(placed).toEqual([
      { ...finding, placement: { kind: "inline", path: "src/x.ts", startLine: 11, line: 12 } },
      {
        ...finding,
        path: "nowhere",
        placement: { kind: "summary", reason: "nowhere is not part of the diff" },
      },
    ]);
  });

  test("drops a suggestion whose lines were cut, for it would replace others", () => {
    const [placed] = placeFindings([{ ...finding, endLine: 20 }], files);
    expect(placed?.placement).toMatchObject({ startLine: 11, line: 14 });
    expect(placed).not.toHaveProperty("suggestion");
  });
});
