import { describe, expect, test } from "vitest";
import { randomToken } from "./random-token.ts";

describe("randomToken", () => {
  test("is base64url without padding, as long as asked, and new each time", () => {
    expect(randomToken()).toMatch(/^[\w-]{43}$/);
    expect(randomToken(16)).toMatch(/^[\w-]{22}$/);
    expect(new Set(Array.from({ length: 1000 }, () => randomToken())).size).toBe(1000);
  });
});
