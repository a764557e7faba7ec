import { expect, test } from "vitest";
import { wrap } from "./wrap.ts";

test("text is broken at spaces, and a list's text stays beside its mark", () => {
  expect(wrap(["one two three four", "- five six seven eight"], 13)).toEqual([
    "one two three",
    "four",
    "- five six",
    "  seven eight",
  ]);
});

test("a word that is too long stands alone, and nothing is lost", () => {
  expect(wrap(["a https://example.com/long b"], 10)).toEqual(["a", "https://example.com/long", "b"]);
});

test("code stays as it is", () => {
  const code = ["```ts", "const a = 1; // a long line", "```", "    indented code that is long"];
  expect(wrap(code, 10)).toEqual(code);
});
