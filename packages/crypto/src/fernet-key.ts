import { randomBytes } from "node:crypto";
import { decodeBase64url, encodeBase64url } from "./base64url.ts";
import { FernetError } from "./fernet-error.ts";

const keyBytes = 32;
const howToMakeOne = `Make one with: node -p "crypto.randomBytes(32).toString('base64url') + '='"`;

/** The two halves of a Fernet key, 16 bytes each. */
export interface FernetKey {
  readonly signing: Buffer;
  readonly encryption: Buffer;
}

/** Makes a new key: 32 random bytes as base64url, 44 characters. */
export function generateFernetKey(): string {
  return encodeBase64url(randomBytes(keyBytes));
}

/**
 * Splits the setting SECRET_KEY into its keys: one or several, separated by commas.
 *
 * @throws FernetError when one of them is no Fernet key; says which and how to make one
 */
export function parseSecretKeys(secretKey: string): string[] {
  const keys = secretKey.split(",").map((key) => key.trim());
  keys.forEach((key, index) => {
    if (decodeKey(key) === undefined) {
      throw new FernetError(
        `Key ${index + 1} of ${keys.length} is not 32 bytes in base64url with padding. ${howToMakeOne}`,
      );
    }
  });
  return keys;
}

/** The 32 bytes of a key. @throws FernetError when it is no Fernet key */
export function fernetKeyBytes(key: string): Buffer {
  const bytes = decodeKey(key);
  if (bytes === undefined) {
    throw new FernetError(`A Fernet key is 32 bytes in base64url with padding. ${howToMakeOne}`);
  }
  return bytes;
}

/** The halves of a key: the first signs, the second encrypts. @throws FernetError when it is no Fernet key */
export function parseFernetKey(key: string): FernetKey {
  const bytes = fernetKeyBytes(key);
  return { signing: bytes.subarray(0, 16), encryption: bytes.subarray(16) };
}

function decodeKey(key: string): Buffer | undefined {
  const bytes = decodeBase64url(key);
  return bytes?.length === keyBytes ? bytes : undefined;
}
