import { expect, test } from "vitest";
import { parseClosingKeywords } from "./closing-keywords.ts";

const here = { fullName: "octo/tools", githubUrl: "https://github.com" };

test.each([
  ["Fixes #12", [12]],
  ["closes: #1, resolves #2 and fixed #3", [1, 2, 3]],
  ["CLOSE #7\r\nResolved octo/tools#8", [7, 8]],
  ["This fixes OCTO/Tools#9.", [9]],
  ["Closes https://github.com/octo/tools/issues/10", [10]],
  ["fix #4, and once more: fix #4", [4]],
  ["resolve   #5", [5]],
])("finds the issues in %j", (text, numbers) => {
  expect(parseClosingKeywords(text, here)).toEqual(numbers);
});

test.each([
  "See #12",
  "prefixes #12",
  "bug-fixes #12",
  "fixes#12",
  "fixes #0",
  "fixes #12abc",
  "fixes 12",
  "closes other/tools#12",
  "closes octo/tools-two#12",
  "closes https://github.com/octo/other/issues/12",
  "closes https://github.example.com/octo/tools/issues/12",
  "`fixes #12`",
  "```\nfixes #12\n```",
  "~~~\nfixes #12\n```\nfixes #13",
  "<!-- fixes #12 -->",
  "<!-- fixes #12",
])("finds none of this repository in %j", (text) => {
  expect(parseClosingKeywords(text, here)).toEqual([]);
});

test("reads on after code", () => {
  expect(parseClosingKeywords("```\nfixes #1\n```\nfixes #2 `x` <!-- y --> fixes #3", here)).toEqual([2, 3]);
});

test.each(["`", "fix ", "fixes a", "<!--", "~~~\n", "closes " + "-".repeat(50), "fix a/"])(
  "takes a body full of %j as quickly as any other",
  (part) => {
    expect(parseClosingKeywords(part.repeat(65_536 / part.length), here)).toEqual([]);
  },
  5_000,
);
