import { openForIfPossible, randomToken, sealFor, webhookSecretOwner } from "@nectr/crypto";
import type { AuthContext } from "./context.ts";

/** A secret of 32 random bytes. */
export function newSecret(): string {
  return randomToken(32);
}

/** Encrypts a secret for its repository's row. */
export function sealSecret(
  { fernet }: Pick<AuthContext, "fernet">,
  repositoryId: number,
  secret: string,
): string {
  return sealFor(fernet, webhookSecretOwner(repositoryId), secret);
}

/** A stored secret; undefined where there is none, or its key is gone: then the webhook needs a new one. */
export function openSecret(
  { fernet }: Pick<AuthContext, "fernet">,
  repositoryId: number,
  encrypted: string | null | undefined,
): string | undefined {
  if (encrypted == null) return undefined;
  return openForIfPossible(fernet, webhookSecretOwner(repositoryId), encrypted);
}
