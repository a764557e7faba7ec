import { describe, expect, test } from "vitest";
import { sha256 } from "./sha256.ts";

describe("sha256", () => {
  test("agrees with the example of FIPS 180-4, for text and for bytes", () => {
    const digest = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    expect(sha256("abc").toString("hex")).toBe(digest);
    expect(sha256(Uint8Array.of(0x61, 0x62, 0x63)).toString("hex")).toBe(digest);
  });

  test("takes text as UTF-8", () => {
    expect(sha256("é")).toEqual(sha256(Uint8Array.of(0xc3, 0xa9)));
  });
});
