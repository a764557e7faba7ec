import { expect, test } from "vitest";
import { addedLines, commentableRanges } from "./lines.ts";
import { fileDiffFromPatch } from "./github-file.ts";

const file = fileDiffFromPatch({
  path: "x",
  status: "modified",
  additions: 2,
  deletions: 3,
  patch: "@@ -2,3 +2,4 @@\n a\n-b\n+c\n+d\n e\n@@ -20,2 +20,0 @@\n-f\n-g",
});

test("added lines are those of the new side that are not context", () => {
  expect([...addedLines(file)]).toEqual([3, 4]);
});

test("a hunk is commentable from its first to its last new line, one that only removes is not", () => {
  expect(commentableRanges(file)).toEqual([{ start: 2, end: 5 }]);
});
