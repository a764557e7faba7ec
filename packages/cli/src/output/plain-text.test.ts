import { describe, expect, test } from "vitest";
import { plainLine, plainLines, printableJson } from "./plain-text.ts";

const hostile = [
  "\u001B[2J\u001B[31mred",
  "\u001B]8;;https://evil.example\u0007click\u001B]8;;\u0007",
  "\u009B31m",
  "a\rb",
  "a\u0000\u0008b",
  "\u202Egnp.exe",
  "line\u2028separator",
];

describe("text from outside, on a terminal", () => {
  test.each(hostile)("steers nothing: %j", (text) => {
    const [first = ""] = plainLines(text);
    for (const shown of [plainLine(text), first, printableJson({ text })]) {
      expect(shown).not.toMatch(/(?!\n)[\p{Cc}\u202A-\u202E\u2028]/u);
    }
  });

  test("what is left out is shown by its number", () => {
    expect(plainLine("a\u001B[31mb\u202E")).toBe("a\\x1b[31mb\\u202e");
    expect(plainLine("two\nlines")).toBe("two\\x0alines");
  });

  test("as JSON it still means the same", () => {
    expect(JSON.parse(printableJson({ hostile }))).toEqual({ hostile });
  });

  test("letters of all languages, and emoji, stay as they are", () => {
    expect(plainLine("naïve 日本語 👩‍💻 עברית")).toBe("naïve 日本語 👩‍💻 עברית");
  });

  test("lines end where they end on any system, and tabs take their room", () => {
    expect(plainLines("a\r\n\tb\nc")).toEqual(["a", "    b", "c"]);
  });
});
