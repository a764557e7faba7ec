import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { acceptsComment, commentableLines } from "../src/index.ts";
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

test("commentable lines agree with git's hunk headers and numstat, whatever the files hold", async () => {
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
        const lines = commentableLines(diff.text);
        expect([...lines.keys()].sort()).toEqual(diff.files.map((file) => file.path).sort());
        for (const file of diff.files) {
          const hunks = lines.get(file.path) ?? [];
          const kinds = file.section.hunks.flatMap((hunk) => hunk.lines.map(({ kind }) => kind));
          expect(kinds.filter((kind) => kind === "added")).toHaveLength(file.additions);
          expect(kinds.filter((kind) => kind === "removed")).toHaveLength(file.deletions);
          const counts = hunks.map(({ left, right }) => ({ left: left.size, right: right.size }));
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

test("a range is accepted within one hunk only", () => {
  const diff =
    "diff --git a/f b/f\nindex 1..2 100644\n--- a/f\n+++ b/f\n" +
    "@@ -1,2 +1,3 @@\n a\n+b\n c\n@@ -10,2 +11,2 @@\n-x\n+y\n z\n";
  const lines = commentableLines(diff);
  const accepts = (at: number, startLine?: number) =>
    acceptsComment(lines, { path: "f", line: at, startLine });
  expect([1, 2, 3, 4, 10, 11, 12, 13].map((at) => accepts(at))).toEqual([
    true,
    true,
    true,
    false,
    false,
    true,
    true,
    false,
  ]);
  expect([accepts(3, 1), accepts(2, 2), accepts(11, 3), accepts(12, 11)]).toEqual([true, false, false, true]);
  expect(acceptsComment(lines, { path: "g", line: 1 })).toBe(false);
});
