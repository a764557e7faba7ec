import { createCipheriv, createDecipheriv, createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { decodeBase64url, encodeBase64url } from "./base64url.ts";
import { FernetError } from "./fernet-error.ts";
import { type FernetKey, parseFernetKey } from "./fernet-key.ts";

// A token is: version (1) | seconds since 1970, big-endian (8) | IV (16) | AES-128-CBC ciphertext | HMAC (32).
// https://github.com/fernet/spec/blob/master/Spec.md
const version = 0x80;
const blockBytes = 16;
const timestampAt = 1;
const ivAt = 9;
const ciphertextAt = ivAt + blockBytes;
const hmacBytes = 32;
const shortestToken = ciphertextAt + blockBytes + hmacBytes;

/** How far ahead of us the clock that made a token may be: the 60 s that all implementations grant. */
const maxClockSkewSeconds = 60;

/** Encrypts and authenticates short texts, such as tokens at rest. */
export interface Fernet {
  /** Encrypts with the first key. @throws FernetError on a lone surrogate, which UTF-8 cannot carry */
  encrypt(plaintext: string): string;
  /**
   * Opens a token that any of the keys made. With `ttlSeconds`, one that is older, or that was made more
   * than 60 s in the future, is refused.
   *
   * @throws FernetError when the token is malformed, altered, made with another key, or outside its time
   */
  decrypt(token: string, options?: { ttlSeconds?: number }): string;
  /** False when another key made the token (or it is no token of ours): encrypt its content again. */
  encryptedWithFirstKey(token: string): boolean;
}

/**
 * Fernet, version 0x80, over one or several keys: the first encrypts, all decrypt, so that a new key is
 * brought in by putting it first.
 *
 * @throws FernetError when there is no key, or one is malformed
 */
export function createFernet(keys: readonly string[], clock: () => Date = () => new Date()): Fernet {
  const ring = keys.map(parseFernetKey);
  const [first] = ring;
  if (first === undefined) throw new FernetError("Fernet needs at least one key.");

  return {
    encrypt: (plaintext) => encryptWith(first, plaintext, { iv: randomBytes(blockBytes), now: clock() }),

    decrypt(token, { ttlSeconds } = {}) {
      const bytes = decodeToken(token);
      const key = ring.find((candidate) => isSignedWith(candidate, bytes));
      if (key === undefined) throw new FernetError("The token was altered, or made with another key.");
      if (ttlSeconds !== undefined) checkAge(bytes, ttlSeconds, clock());
      return decryptContent(key, bytes);
    },

    encryptedWithFirstKey(token) {
      const bytes = decodeBase64url(token);
      return bytes !== undefined && bytes.length >= shortestToken && isSignedWith(first, bytes);
    },
  };
}

/** Makes a token from a given IV (16 bytes, never used twice with one key) and time. */
export function encryptWith(key: FernetKey, plaintext: string, at: { iv: Uint8Array; now: Date }): string {
  if (!plaintext.isWellFormed()) throw new FernetError("The plaintext has a lone surrogate.");
  const header = Buffer.alloc(ivAt);
  header.writeUInt8(version);
  header.writeBigUInt64BE(BigInt(toSeconds(at.now)), timestampAt);
  const cipher = createCipheriv("aes-128-cbc", key.encryption, at.iv);
  const signed = Buffer.concat([header, at.iv, cipher.update(plaintext, "utf8"), cipher.final()]);
  return encodeBase64url(Buffer.concat([signed, sign(key, signed)]));
}

function decodeToken(token: string): Buffer {
  const bytes = decodeBase64url(token);
  if (bytes === undefined || bytes.length < shortestToken || bytes[0] !== version) {
    throw new FernetError("This is no Fernet token.");
  }
  return bytes;
}

function isSignedWith(key: FernetKey, token: Buffer): boolean {
  return timingSafeEqual(sign(key, token.subarray(0, -hmacBytes)), token.subarray(-hmacBytes));
}

function sign(key: FernetKey, bytes: Buffer): Buffer {
  return createHmac("sha256", key.signing).update(bytes).digest();
}

function checkAge(token: Buffer, ttlSeconds: number, clock: Date): void {
  const madeAt = Number(token.readBigUInt64BE(timestampAt));
  const now = toSeconds(clock);
  if (madeAt + ttlSeconds < now) throw new FernetError("The token has expired.");
  if (madeAt > now + maxClockSkewSeconds) throw new FernetError("The token is from the future.");
}

function decryptContent(key: FernetKey, token: Buffer): string {
  const decipher = createDecipheriv("aes-128-cbc", key.encryption, token.subarray(ivAt, ciphertextAt));
  try {
    const ciphertext = token.subarray(ciphertextAt, -hmacBytes);
    const plaintext = Buffer.concat([decipher.update(ciphertext), decipher.final()]);
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(plaintext);
  } catch (cause) {
    throw new FernetError("The token's signature holds, but its content is damaged.", { cause });
  }
}

function toSeconds(date: Date): number {
  return Math.floor(date.getTime() / 1000);
}
