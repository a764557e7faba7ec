import { expect, test } from "vitest";
import { returnPath } from "./return-path.ts";

test.each(["/", "/repositories", "/a/b?c=d&e=%2F%2Fhost#f", "/@user"])("%s is taken", (path) => {
  expect(returnPath.parse(path)).toBe(path);
});

test.each([
  "",
  "repositories",
  "https://attacker.example",
  "//attacker.example",
  "/\\attacker.example",
  "/a\\..\\b",
  "/\t/attacker.example",
  "/\r\nSet-Cookie: a=b",
  " /",
  "@attacker.example",
  ".attacker.example",
  ":8001/",
])("%j leads, or may lead, elsewhere", (path) => {
  expect(returnPath.safeParse(path).success).toBe(false);
});
