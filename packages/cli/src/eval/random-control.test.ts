import { parseDiff } from "@nectr/review";
import { expect, test } from "vitest";
import { drawComments, seededRandom } from "./random-control.ts";
import type { Comment } from "./span.ts";

const files = parseDiff(`diff --git a/a.ts b/a.ts
index 1111111..2222222 100644
--- a/a.ts
+++ b/a.ts
@@ -1,2 +1,5 @@
 one
+two
+three
+four
 five
`);

const comment: Comment = {
  path: "a.ts",
  side: "new",
  startLine: 1,
  endLine: 2,
  severity: "minor",
  category: "correctness",
  fingerprint: "f",
  title: "t",
  body: "b",
};

test("comments are drawn on added lines alone, as long as they were, the same for the same seed", () => {
  const many = Array.from({ length: 100 }, () => comment);
  const drawn = drawComments(many, files, seededRandom(1));
  expect(new Set(drawn.map(({ endLine }) => endLine))).toEqual(new Set([2, 3, 4]));
  expect(drawn.every(({ startLine, endLine }) => endLine - startLine === 1)).toBe(true);
  expect(drawComments(many, files, seededRandom(1))).toEqual(drawn);
  expect(drawComments(many, files, seededRandom(2))).not.toEqual(drawn);
});

test("where nothing is added there is no line to draw", () => {
  expect(drawComments([comment], [], seededRandom(1))).toEqual([]);
});
