import { describe, expect, test } from "vitest";
import { commandPaths, sidePath, unquotePath } from "./paths.ts";

describe("quoted names", () => {
  test.each([
    ["plain.ts", "plain.ts"],
    [String.raw`"gr\303\266\303\237e.md"`, "größe.md"],
    [String.raw`"\346\227\245\346\234\254/\360\237\230\200.ts"`, "日本/😀.ts"],
    [String.raw`"tab\there\nnew \"q\" back\\slash"`, 'tab\there\nnew "q" back\\slash'],
    [String.raw`"\a\b\v\f\r\001\177"`, "\u0007\b\v\f\r\u0001\u007f"],
    ['"größe\\t.md"', "größe\t.md"],
    [String.raw`"\\303"`, String.raw`\303`],
    ['"', '"'],
  ])("%s", (written, name) => {
    expect(unquotePath(written)).toBe(name);
  });
});

describe("names behind diff --git", () => {
  test.each([
    ["a/x.ts b/x.ts", "x.ts", true],
    ["a/with space b/with space", "with space", true],
    ["a/x b/y b/x b/y", "x b/y", true],
    ["i/src/x w/src/x", "src/x", true],
    ["before/src/x after/src/x", "src/x", true],
    ["old/src/x newer/src/x", "src/x", true],
    ["src/x src/x", "src/x", false],
    ["x x", "x", false],
    [String.raw`"a/\303\266 x" "b/\303\266 x"`, "ö x", true],
    [String.raw`"q\"x" "q\"x"`, 'q"x', false],
  ])("%s", (text, path, prefixed) => {
    expect(commandPaths(text)).toEqual({ path, prefixed });
  });

  test("two different names are not guessed at", () => {
    expect(commandPaths("a/x b/y")).toBeUndefined();
  });
});

test("the name in a --- or +++ line", () => {
  expect(sidePath("a/with space\t")).toBe("a/with space");
  expect(sidePath(String.raw`"a/tab\t"`)).toBe("a/tab\t");
  expect(sidePath("/dev/null")).toBeUndefined();
});
