import { createCipheriv, createHmac } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { generateVectors, invalidVectors, verifyVectors } from "../test/fernet-vectors.ts";
import { decodeBase64url, encodeBase64url } from "./base64url.ts";
import { FernetError } from "./fernet-error.ts";
import { generateFernetKey, parseFernetKey } from "./fernet-key.ts";
import { createFernet, encryptWith } from "./fernet.ts";

describe("Fernet specification", () => {
  test.each(generateVectors)("generates the token of $src", ({ secret, src, iv, now, token }) => {
    expect(encryptWith(parseFernetKey(secret), src, { iv: Uint8Array.from(iv), now: new Date(now) })).toBe(
      token,
    );
  });

  test.each(verifyVectors)("verifies the token of $src", ({ secret, src, now, ttlSeconds, token }) => {
    const fernet = createFernet([secret], () => new Date(now));
    expect(fernet.decrypt(token, { ttlSeconds })).toBe(src);
  });

  test.each(invalidVectors)("refuses: $desc", ({ secret, now, ttlSeconds, token }) => {
    const fernet = createFernet([secret], () => new Date(now));
    expect(() => fernet.decrypt(token, { ttlSeconds })).toThrow(FernetError);
  });
});

/** A token with a right signature over whatever content. */
function forge(key: string, parts: { version: number; plaintext: Buffer }): string {
  const { signing, encryption } = parseFernetKey(key);
  const iv = Buffer.alloc(16);
  const cipher = createCipheriv("aes-128-cbc", encryption, iv);
  const head = Buffer.concat([Buffer.of(parts.version), Buffer.alloc(8), iv]);
  const signed = Buffer.concat([head, cipher.update(parts.plaintext), cipher.final()]);
  return encodeBase64url(Buffer.concat([signed, createHmac("sha256", signing).update(signed).digest()]));
}

describe("Fernet", () => {
  test("round-trips any well-formed text", () => {
    const fernet = createFernet([generateFernetKey()]);
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => fernet.decrypt(fernet.encrypt(text)) === text),
    );
    expect(fernet.decrypt(fernet.encrypt("\uFEFFbyte order mark"))).toBe("\uFEFFbyte order mark");
  });

  test("refuses a lone surrogate rather than altering it", () => {
    expect(() => createFernet([generateFernetKey()]).encrypt("half \uD83D of a pair")).toThrow(FernetError);
  });

  test("refuses a token with any one bit flipped", () => {
    const fernet = createFernet([generateFernetKey()]);
    fc.assert(
      fc.property(fc.string(), fc.nat(), (text, position) => {
        const token = decodeBase64url(fernet.encrypt(text)) ?? Buffer.alloc(0);
        const bit = position % (token.length * 8);
        const at = Math.floor(bit / 8);
        token.writeUInt8(token.readUInt8(at) ^ (1 << (bit % 8)), at);
        const altered = encodeBase64url(token);
        expect(() => fernet.decrypt(altered)).toThrow(FernetError);
        expect(fernet.encryptedWithFirstKey(altered)).toBe(false);
      }),
    );
  });

  test("refuses a token with any one character replaced, padding and unused bits included", () => {
    const fernet = createFernet([generateFernetKey()]);
    const token = fernet.encrypt("hello");
    for (let at = 0; at < token.length; at++) {
      for (const character of "AB_-+/= \n") {
        if (token[at] === character) continue;
        const altered = token.slice(0, at) + character + token.slice(at + 1);
        expect(() => fernet.decrypt(altered)).toThrow(FernetError);
      }
    }
    expect(() => fernet.decrypt(token.replace(/=+$/, ""))).toThrow(FernetError);
  });

  test("refuses a token that is cut off anywhere", () => {
    const fernet = createFernet([generateFernetKey()]);
    const bytes = decodeBase64url(fernet.encrypt("hello")) ?? Buffer.alloc(0);
    for (let length = 0; length < bytes.length; length++) {
      const cut = encodeBase64url(bytes.subarray(0, length));
      expect(() => fernet.decrypt(cut)).toThrow(FernetError);
      expect(fernet.encryptedWithFirstKey(cut)).toBe(false);
    }
  });

  test("refuses another version and content that is no text, even with a right signature", () => {
    const key = generateFernetKey();
    const { decrypt } = createFernet([key]);
    const hello = Buffer.from("hello");
    expect(decrypt(forge(key, { version: 0x80, plaintext: hello }))).toBe("hello");
    expect(() => decrypt(forge(key, { version: 0x81, plaintext: hello }))).toThrow("no Fernet token");
    const notText = forge(key, { version: 0x80, plaintext: Buffer.of(0xff, 0xfe) });
    expect(() => decrypt(notText)).toThrow(FernetError);
  });

  test("refuses any other text", () => {
    const fernet = createFernet([generateFernetKey()]);
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.base64String()), (text) => {
        expect(() => fernet.decrypt(text)).toThrow(FernetError);
        expect(fernet.encryptedWithFirstKey(text)).toBe(false);
      }),
    );
  });

  test("never makes the same token twice", () => {
    const fernet = createFernet([generateFernetKey()], () => new Date(0));
    expect(fernet.encrypt("hello")).not.toBe(fernet.encrypt("hello"));
  });

  test("accepts a token until its time to live is over, and from 60 s ahead", () => {
    const madeAt = new Date("2026-01-01T00:00:00Z");
    const key = generateFernetKey();
    const token = createFernet([key], () => madeAt).encrypt("hello");
    const decryptAt = (seconds: number, ttlSeconds?: number) => () =>
      createFernet([key], () => new Date(madeAt.getTime() + seconds * 1000)).decrypt(
        token,
        ttlSeconds === undefined ? {} : { ttlSeconds },
      );

    expect(decryptAt(90, 90)()).toBe("hello");
    expect(decryptAt(91, 90)).toThrow("expired");
    expect(decryptAt(-60, 90)()).toBe("hello");
    expect(decryptAt(-61, 90)).toThrow("future");
    expect(decryptAt(1e9)()).toBe("hello");
    expect(decryptAt(-1e9)()).toBe("hello");
  });
});

describe("Fernet with several keys", () => {
  test("opens what any key made and tells what to encrypt again", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5 }), fc.nat({ max: 4 }), fc.string(), (count, pick, text) => {
        const keys = Array.from({ length: count }, generateFernetKey);
        const maker = pick % count;
        const token = createFernet(keys.slice(maker)).encrypt(text);
        const fernet = createFernet(keys);
        expect(fernet.decrypt(token)).toBe(text);
        expect(fernet.encryptedWithFirstKey(token)).toBe(maker === 0);
      }),
    );
  });

  test("rotates: a new key first, everything encrypted again, the old key gone", () => {
    const [oldKey, newKey] = [generateFernetKey(), generateFernetKey()];
    const stored = createFernet([oldKey]).encrypt("hello");

    const both = createFernet([newKey, oldKey]);
    expect(both.encryptedWithFirstKey(stored)).toBe(false);
    const rotated = both.encrypt(both.decrypt(stored));

    expect(createFernet([newKey]).decrypt(rotated)).toBe("hello");
    expect(() => createFernet([newKey]).decrypt(stored)).toThrow(FernetError);
  });

  test("needs a key, and every key well-formed", () => {
    expect(() => createFernet([])).toThrow(FernetError);
    expect(() => createFernet([generateFernetKey(), "short"])).toThrow(FernetError);
  });
});
