import { createHash } from "node:crypto";

/**
 * The same for texts of the same words, whatever their case, white space and punctuation. Not for texts that are only
 * alike: "amounts are cents" and "amounts are not cents" are.
 */
export function fingerprintOf(text: string): Buffer {
  const words = text
    .normalize("NFKC")
    .toLowerCase()
    .match(/[\p{L}\p{M}\p{N}]+/gu) ?? [text];
  return createHash("sha256").update(words.join(" ")).digest();
}
