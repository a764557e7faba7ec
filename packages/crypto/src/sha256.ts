import { hash } from "node:crypto";

/** The SHA-256 digest, 32 bytes; a text is taken as UTF-8. */
export function sha256(text: string | Uint8Array): Buffer {
  return hash("sha256", text, "buffer");
}
