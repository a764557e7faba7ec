import { timingSafeEqual } from "node:crypto";
import { sha256 } from "@nectr/crypto";

/** SHA-256 in small hexadecimal letters. */
export function sha256Hex(data: string | Uint8Array): string {
  return sha256(data).toString("hex");
}

/** Compares in constant time. */
export function isSecret(given: string, secret: string): boolean {
  return timingSafeEqual(sha256(given), sha256(secret));
}
