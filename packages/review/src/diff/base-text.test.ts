import { expect, test } from "vitest";
import { baseTextOf } from "./base-text.ts";
import { parseDiff } from "./parse-diff.ts";

const [file] = parseDiff("diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -2,2 +2,2 @@\n b\n-c\n+C\n");

test("a file's text before the change: its new text with the diff taken back out", () => {
  expect(baseTextOf(file!, "a\nb\nC\nd\n")).toBe("a\nb\nc\nd\n");
});

test.each([
  ["another text than the diff's", "a\nb\nother\nd\n", file!],
  ["a text that is too short", "", file!],
  ["a diff that is not all there", "a\nb\nC\nd\n", { ...file!, patchMissing: true }],
])("is not told from %s", (_, text, diff) => {
  expect(baseTextOf(diff, text)).toBeUndefined();
});
