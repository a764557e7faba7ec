import { hkdfSync } from "node:crypto";
import { fernetKeyBytes } from "./fernet-key.ts";

/**
 * Derives a key for one purpose from a Fernet key: HKDF-SHA256 (RFC 5869), no salt (the input is uniformly
 * random already), info `nectr/<purpose>`. Keys of different purposes tell nothing of each other.
 *
 * @param bytes length of the derived key, 8,160 at most
 * @throws FernetError when the Fernet key is malformed
 * @throws RangeError when the purpose is empty
 */
export function deriveKey(fernetKey: string, purpose: string, bytes = 32): Buffer {
  if (purpose === "") throw new RangeError("A derived key needs a purpose.");
  return Buffer.from(hkdfSync("sha256", fernetKeyBytes(fernetKey), "", `nectr/${purpose}`, bytes));
}
