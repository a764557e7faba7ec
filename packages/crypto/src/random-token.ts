import { randomBytes } from "node:crypto";

/** An unguessable text of so many random bytes, as base64url without padding: fit for URLs and cookies. */
export function randomToken(bytes = 32): string {
  return randomBytes(bytes).toString("base64url");
}
