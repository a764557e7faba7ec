import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { encodeBase64url } from "./base64url.ts";
import { FernetError } from "./fernet-error.ts";
import { generateFernetKey, parseFernetKey, parseSecretKeys } from "./fernet-key.ts";

describe("generateFernetKey", () => {
  test("makes keys that differ and that can be parsed", () => {
    const [one, two] = [generateFernetKey(), generateFernetKey()];
    expect(one).not.toBe(two);
    expect(parseSecretKeys(one)).toEqual([one]);
    expect(one).toHaveLength(44);
  });
});

describe("parseFernetKey", () => {
  test("takes the first half to sign and the second to encrypt", () => {
    const bytes = Buffer.from(Array.from({ length: 32 }, (_, index) => index));
    const { signing, encryption } = parseFernetKey(encodeBase64url(bytes));
    expect([...signing]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]);
    expect([...encryption]).toEqual([16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31]);
  });
});

describe("parseSecretKeys", () => {
  test("keeps the order of the keys and drops blanks around them", () => {
    const keys = [generateFernetKey(), generateFernetKey(), generateFernetKey()];
    expect(parseSecretKeys(` ${keys.join(" ,\n")} `)).toEqual(keys);
  });

  test.each([
    ["nothing", ""],
    ["a gap between two commas", `${generateFernetKey()},,${generateFernetKey()}`],
    ["a comma at the end", `${generateFernetKey()},`],
    ["no padding", generateFernetKey().replace("=", "")],
    ["the other base64 alphabet", Buffer.alloc(32, 0xff).toString("base64")],
    ["hexadecimal", "ab".repeat(32)],
    ["a password", "correct horse battery staple"],
  ])("refuses %s and says how to make a key", (_, secretKey) => {
    expect(() => parseSecretKeys(secretKey)).toThrow(FernetError);
    expect(() => parseSecretKeys(secretKey)).toThrow(
      `node -p "crypto.randomBytes(32).toString('base64url') + '='"`,
    );
  });

  test("takes exactly 32 bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 64 }), (bytes) => {
        const key = encodeBase64url(Buffer.from(bytes));
        if (bytes.length === 32) expect(parseSecretKeys(key)).toEqual([key]);
        else expect(() => parseSecretKeys(key)).toThrow(FernetError);
      }),
    );
  });

  test("names the key that is wrong, and never shows it", () => {
    const wrong = generateFernetKey().slice(0, 40);
    const parse = () => parseSecretKeys(`${generateFernetKey()},${wrong}`);
    expect(parse).toThrow("Key 2 of 2");
    expect(parse).not.toThrow(wrong);
  });
});
