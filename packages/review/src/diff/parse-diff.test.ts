import { describe, expect, test } from "vitest";
import { DiffError } from "./diff-error.ts";
import { parseDiff, parsePatch } from "./parse-diff.ts";

/** What is told about a file apart from its lines. */
function heads(diff: string) {
  return parseDiff(diff).map(({ hunks, patchMissing: _, ...head }) => ({ ...head, hunks: hunks.length }));
}

describe("files", () => {
  test("a change, with the function that git shows behind the counts", () => {
    const [file] = parseDiff(
      "diff --git a/src/x.ts b/src/x.ts\nindex 1..2 100644\n--- a/src/x.ts\n+++ b/src/x.ts\n" +
        "@@ -7,3 +7,4 @@ function f() {\n a\n-b\n+c\n+d\n e\n",
    );
    expect(file).toEqual({
      path: "src/x.ts",
      status: "modified",
      binary: false,
      patchMissing: false,
      additions: 2,
      deletions: 1,
      hunks: [
        {
          oldStart: 7,
          oldLines: 3,
          newStart: 7,
          newLines: 4,
          section: "function f() {",
          lines: [
            { kind: "context", oldLine: 7, newLine: 7, text: "a" },
            { kind: "removed", oldLine: 8, text: "b" },
            { kind: "added", newLine: 8, text: "c" },
            { kind: "added", newLine: 9, text: "d" },
            { kind: "context", oldLine: 9, newLine: 10, text: "e" },
          ],
        },
      ],
    });
  });

  test("renames and copies, with and without changes", () => {
    const moved = "diff --git a/old name.ts b/new.ts\nsimilarity index 90%\n";
    const change = "--- a/old name.ts\t\n+++ b/new.ts\n@@ -1 +1 @@\n-a\n+b\n";
    const head = { path: "new.ts", previousPath: "old name.ts", binary: false };
    expect(heads(`${moved}rename from old name.ts\nrename to new.ts\n`)).toEqual([
      { ...head, status: "renamed", additions: 0, deletions: 0, hunks: 0 },
    ]);
    expect(heads(`${moved}copy from old name.ts\ncopy to new.ts\nindex 1..2 100644\n${change}`)).toEqual([
      { ...head, status: "copied", additions: 1, deletions: 1, hunks: 1 },
    ]);
  });

  test("what has no hunk: modes, empty files, binary files", () => {
    const diff = [
      "diff --git a/run me b/run me\nold mode 100644\nnew mode 100755\n",
      "diff --git a/empty b/empty\nnew file mode 100644\nindex 0000000..e69de29\n",
      "diff --git a/gone b/gone\ndeleted file mode 100644\nindex e69de29..0000000\n",
      "diff --git a/a.png b/a.png\nnew file mode 100644\nindex 0000000..1\nBinary files /dev/null and b/a.png differ\n",
      "diff --git a/b.png b/b.png\nindex 1..2 100644\nGIT binary patch\nliteral 6\nNcmZQzU|?ckU;qFB\n\nliteral 4\nLcmZQzWMT#Y01f~L\n\n",
      "diff --git a/after b/after\nold mode 100644\nnew mode 100755\n",
    ].join("");
    expect(heads(diff).map(({ path, status, binary }) => [path, status, binary])).toEqual([
      ["run me", "modified", false],
      ["empty", "added", false],
      ["gone", "removed", false],
      ["a.png", "added", true],
      ["b.png", "modified", true],
      ["after", "modified", false],
    ]);
  });

  test("a submodule is a file of one line", () => {
    const [file] = parseDiff(
      "diff --git a/lib b/lib\nindex 1..2 160000\n--- a/lib\n+++ b/lib\n@@ -1 +1 @@\n" +
        `-Subproject commit ${"1".repeat(40)}\n+Subproject commit ${"2".repeat(40)}\n`,
    );
    expect(file).toMatchObject({ path: "lib", additions: 1, deletions: 1 });
  });

  test("no diff at all", () => {
    expect(parseDiff("")).toEqual([]);
  });
});

describe("lines", () => {
  const change = (hunk: string) =>
    `diff --git a/x b/x\n--- a/x\n+++ b/x\n${hunk}diff --git a/y b/y\nold mode 1\nnew mode 2\n`;

  test("content that looks like a header is content, for the counts decide", () => {
    const hunk =
      "@@ -1,6 +1,5 @@\n--- a/x\n-++ b/x\n-@@ -1 +1 @@\n-diff --git a/x b/x\n+++ b/x\n+@@ -9 +9 @@\n+-- a/x\n same\n-\\ No newline\n+\\\n";
    const files = parseDiff(change(hunk));
    expect(files.map((file) => [file.path, file.additions, file.deletions])).toEqual([
      ["x", 4, 5],
      ["y", 0, 0],
    ]);
    expect(files[0]?.hunks[0]?.lines.map((line) => line.text)).toEqual([
      "-- a/x",
      "++ b/x",
      "@@ -1 +1 @@",
      "diff --git a/x b/x",
      "++ b/x",
      "@@ -9 +9 @@",
      "-- a/x",
      "same",
      "\\ No newline",
      "\\",
    ]);
  });

  test("no newline at the end, on either side or both", () => {
    const mark = "\\ No newline at end of file\n";
    const texts = (hunk: string) => parseDiff(change(hunk))[0]?.hunks[0]?.lines.map((line) => line.text);
    expect(texts(`@@ -1 +1 @@\n-a\n${mark}+a\n`)).toEqual(["a", "a"]);
    expect(texts(`@@ -1 +1 @@\n-a\n+a\n${mark}`)).toEqual(["a", "a"]);
    expect(texts(`@@ -1,2 +1,2 @@\n-a\n+b\n c\n${mark}`)).toEqual(["a", "b", "c"]);
    expect(texts(`@@ -1 +1 @@\n-a\n${mark}+b\n${mark}`)).toEqual(["a", "b"]);
  });

  test("carriage returns and other ends of lines are kept as content", () => {
    const [hunk] = parsePatch("@@ -1 +1,3 @@\n a\r\n+b\rc\r\n+d\u2028e");
    expect(hunk?.lines.map((line) => line.text)).toEqual(["a\r", "b\rc\r", "d\u2028e"]);
  });

  test("an empty line of context may have lost its space", () => {
    const [hunk] = parsePatch("@@ -1,3 +1,3 @@\n\n-a\n+b\n\n");
    expect(hunk?.lines.map((line) => line.kind)).toEqual(["context", "removed", "added", "context"]);
  });

  test("a patch of GitHub's, which ends without a newline", () => {
    const hunks = parsePatch("@@ -0,0 +1 @@\n+a\n\\ No newline at end of file\n@@ -9 +10,0 @@ f\n-b");
    expect(hunks.map(({ oldStart, newStart, newLines }) => [oldStart, newStart, newLines])).toEqual([
      [0, 1, 1],
      [9, 10, 0],
    ]);
    expect(parsePatch("")).toEqual([]);
  });
});

describe("what is refused, with the number of the line", () => {
  const head = "diff --git a/x b/x\n--- a/x\n+++ b/x\n";
  test.each([
    ["a hunk cut short", `${head}@@ -1,2 +1,2 @@\n a\n`, 6, "the diff ends inside a hunk"],
    ["a line too many", `${head}@@ -1 +1 @@\n-a\n+b\n+c\n`, 7, "more lines than its header counts"],
    ["one side used up", `${head}@@ -1 +1,2 @@\n-a\n-b\n+c\n`, 6, "more lines than its header counts"],
    ["no line of a hunk", `${head}@@ -1 +1 @@\n*a\n`, 5, "not a line of a hunk"],
    ["a torn header", `${head}@@ -1 +1\n-a\n`, 4, "malformed hunk header"],
    ["a combined diff", "diff --cc x\nindex 1,2..3\n", 1, "a combined diff"],
    ["a combined hunk", `${head}@@@ -1 -1 +1 @@@\n`, 4, "combined diff"],
    ["a submodule's log", "Submodule lib 1111111..2222222:\n  > work\n", 1, "--submodule=short"],
    ["other text", "hello\n", 1, 'expected "diff --git"'],
    ["a file without a name", "diff --git a/x b/y\nindex 1..2\n", 3, "cannot tell which file"],
  ])("%s", (_, diff, line, problem) => {
    const error = catchError(() => parseDiff(diff));
    expect(error).toBeInstanceOf(DiffError);
    expect(error).toMatchObject({ line, message: expect.stringContaining(problem) });
    expect(String(error)).toContain(`line ${line}`);
  });
});

function catchError(act: () => unknown): unknown {
  try {
    return act();
  } catch (error) {
    return error;
  }
}
