import { createHmac } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { generateVectors } from "../test/fernet-vectors.ts";
import { deriveKey } from "./derive-key.ts";
import { FernetError } from "./fernet-error.ts";
import { generateFernetKey } from "./fernet-key.ts";

/** HKDF-SHA256 with an empty salt, written out from RFC 5869, sections 2.2 and 2.3. */
function hkdf(inputKey: Buffer, info: string, length: number): Buffer {
  const pseudorandomKey = createHmac("sha256", Buffer.alloc(32)).update(inputKey).digest();
  let block = Buffer.alloc(0);
  let output = Buffer.alloc(0);
  for (let counter = 1; output.length < length; counter++) {
    block = createHmac("sha256", pseudorandomKey)
      .update(block)
      .update(info)
      .update(Buffer.of(counter))
      .digest();
    output = Buffer.concat([output, block]);
  }
  return output.subarray(0, length);
}

describe("deriveKey", () => {
  test("is HKDF-SHA256 with the purpose as its info", () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.integer({ min: 1, max: 100 }), (purpose, bytes) => {
        const key = generateFernetKey();
        const expected = hkdf(Buffer.from(key, "base64url"), `nectr/${purpose}`, bytes);
        expect(deriveKey(key, purpose, bytes)).toEqual(expected);
      }),
    );
  });

  test("stays what it is for session tokens, or every sign-in would end with an upgrade", () => {
    const [vector] = generateVectors;
    expect(deriveKey(vector?.secret ?? "", "session-token").toString("hex")).toBe(
      "f811150aea40d42007824c80209a856b76a6ca94d8d5ca6a0485f4cf1c5377a8",
    );
  });

  test("gives another key for another purpose and for another secret", () => {
    const key = generateFernetKey();
    expect(deriveKey(key, "session")).not.toEqual(deriveKey(key, "csrf"));
    expect(deriveKey(key, "session")).not.toEqual(deriveKey(generateFernetKey(), "session"));
  });

  test("refuses a malformed key and an empty purpose", () => {
    expect(() => deriveKey("password", "session")).toThrow(FernetError);
    expect(() => deriveKey(generateFernetKey(), "")).toThrow(RangeError);
  });
});
