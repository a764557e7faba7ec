import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type CommentPlace, judgeComments } from "../src/index.ts";
import { writeCommit } from "../src/git/commit.ts";
import { createDiffs } from "../src/git/diff.ts";
import { createBareRepository } from "../src/git/repositories.ts";

/** Lines that look like parts of a diff, hold odd line ends, or are nothing special. */
const line = fc.constantFrom(
  "",
  "a",
  "b",
  "-- a/x",
  "++ b/x",
  "@@ -1 +1 @@",
  "diff --git a/x b/x",
  "x\rdiff --git a/y b/y",
  "\\ No newline at end of file",
  "crlf\r",
  "é\u2028@@ -1 +1 @@",
);
const content = fc
  .tuple(fc.array(line, { maxLength: 30 }), fc.boolean())
  .map(([all, newline]) => all.join("\n") + (newline ? "\n" : ""));
const path = fc.constantFrom(
  "a.txt",
  "with space.txt",
  'quo"te.txt',
  "ünïcode/日本.txt",
  "dir/b.txt",
  "tab\there.txt",
);
const tree = fc.dictionary(path, content, { maxKeys: 4 });

/** The lines that git shows of a file: those of the hunks' headers, counted without looking at the content. */
function linesByHeaders(patch: string): { left: number; right: number }[] {
  const hunks = [];
  const lines = patch.split("\n");
  for (let at = 0; at < lines.length;) {
    const [, , oldCount = "1", , newCount = "1"] =
      /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/.exec(lines[at] ?? "") ?? [];
    hunks.push({ left: Number(oldCount), right: Number(newCount) });
    let [left, right] = [Number(oldCount), Number(newCount)];
    at += 1;
    while (left > 0 || right > 0 || lines[at]?.startsWith("\\")) {
      const sign = lines[at]?.[0];
      if (sign === " " || sign === "-") left -= 1;
      if (sign === " " || sign === "+") right -= 1;
      at += 1;
    }
  }
  return hunks;
}

test("the lines that hunks show agree with git's hunk headers and numstat, whatever the files hold", async () => {
  const dir = await mkdtemp(join(tmpdir(), "property-"));
  try {
    await createBareRepository(dir);
    const diffs = createDiffs();
    let round = 0;
    await fc.assert(
      fc.asyncProperty(tree, tree, async (before, after) => {
        const branch = `b${round++}`;
        const commit = {
          branch,
          message: "x",
          author: { name: "A", email: "a@example.com" },
          at: new Date(0),
        };
        const base = await writeCommit(dir, { ...commit, startSha: undefined, files: before });
        const gone = Object.fromEntries(Object.keys(before).map((name) => [name, null]));
        const head = await writeCommit(dir, { ...commit, startSha: base, files: { ...gone, ...after } });
        const diff = await diffs.between(dir, base, head);
        for (const file of diff.files) {
          const kinds = file.section.hunks.flatMap((hunk) => hunk.lines.map(({ kind }) => kind));
          expect(kinds.filter((kind) => kind === "added")).toHaveLength(file.additions);
          expect(kinds.filter((kind) => kind === "removed")).toHaveLength(file.deletions);
          const counts = file.section.hunks.map((hunk) => ({
            left: hunk.lines.filter(({ oldLine }) => oldLine !== undefined).length,
            right: hunk.lines.filter(({ newLine }) => newLine !== undefined).length,
          }));
          expect(counts).toEqual(file.section.patch === "" ? [] : linesByHeaders(file.section.patch));
          const text = after[file.path]?.split("\n") ?? [];
          for (const shown of file.section.hunks.flatMap((hunk) => hunk.lines)) {
            if (shown.newLine !== undefined) expect(shown.text).toBe(text[shown.newLine - 1]);
          }
        }
      }),
      { numRuns: 60 },
    );
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
});

describe("what GitHub takes", () => {
  const diff =
    "diff --git a/f b/f\nindex 1..2 100644\n--- a/f\n+++ b/f\n" +
    "@@ -1,3 +1,3 @@\n a\n-gone\n+b\n c\n@@ -10,2 +10,2 @@\n-x\n+y\n z\n" +
    "diff --git a/old b/new\nsimilarity index 90%\nrename from old\nrename to new\n--- a/old\n+++ b/new\n@@ -1 +1 @@\n-1\n+2\n" +
    "diff --git a/mode b/mode\nold mode 100644\nnew mode 100755\n";
  const faults = (place: Partial<CommentPlace>) =>
    judgeComments(diff, [{ path: "f", line: 1, ...place }]).refused[0]?.faults;

  test.each<[string, Partial<CommentPlace>]>([
    ["an added line", { line: 2 }],
    ["an unchanged line", { line: 3, side: "RIGHT" }],
    ["a removed line on the left", { line: 2, side: "LEFT" }],
    ["an unchanged line on the left", { line: 3, side: "LEFT" }],
    ["a range in a hunk", { line: 3, start_line: 1 }],
    ["a range on the left", { line: 3, side: "LEFT", start_line: 2, start_side: "LEFT" }],
    ["a range from the left to the right", { line: 2, start_line: 2, start_side: "LEFT" }],
    ["a renamed file by its new name", { path: "new", line: 1, side: "LEFT" }],
  ])("%s", (_, place) => {
    expect(faults(place)).toBeUndefined();
  });

  test.each<[string, Partial<CommentPlace>, string[]]>([
    ["a line outside of every hunk", { line: 4 }, ["line", "hunk"]],
    ["a line that only the other side has", { line: 10, path: "new", side: "LEFT" }, ["line", "hunk"]],
    ["a start that is the line", { line: 2, start_line: 2 }, ["start-order"]],
    ["a start after the line", { line: 2, start_line: 3 }, ["start-order"]],
    [
      "a start on the right of a line on the left above it",
      { line: 2, side: "LEFT", start_line: 2, start_side: "RIGHT" },
      ["start-order"],
    ],
    ["a start in another hunk", { line: 10, start_line: 3 }, ["start-hunk"]],
    ["a file that is not in the diff", { path: "g" }, ["path", "hunk"]],
    ["a renamed file by its old name", { path: "old" }, ["path", "hunk"]],
    ["a file of which only the mode changed", { path: "mode" }, ["line", "hunk"]],
  ])("not: %s", (_, place, expected) => {
    expect(faults(place)).toEqual(expected);
  });

  test("each comment is judged by itself", () => {
    const comments = [
      { path: "f", line: 2 },
      { path: "f", line: 4 },
    ];
    expect(judgeComments(diff, comments)).toEqual({
      accepted: [comments[0]],
      refused: [{ comment: comments[1], faults: ["line", "hunk"] }],
    });
  });
});
