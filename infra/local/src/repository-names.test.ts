import { expect, test } from "vitest";
import { parseRepositoryNames } from "./repository-names.ts";

test("reads names between commas, whatever the spaces", () => {
  expect(parseRepositoryNames(" octocat/shop ,github/.github,a-b/c_d.e, ")).toEqual([
    "octocat/shop",
    "github/.github",
    "a-b/c_d.e",
  ]);
});

test.each([
  "octocat",
  "octocat/",
  "/shop",
  "octocat/shop/pulls",
  "https://github.com/octocat/shop",
  "octocat/..",
  "octocat/shop site/shop",
  `octocat/${"a".repeat(101)}`,
])("names %j, which is no repository, and the form of one", (bad) => {
  expect(() => parseRepositoryNames(`octocat/shop,${bad}`)).toThrow(`"${bad}" is not owner/name`);
});
