import { type Fernet, openFor, openForIfPossible, sealFor } from "@nectr/crypto";
import type { UserRow } from "@nectr/db";

// The owner is the user's id at GitHub: it is known before the row is, so that one statement can write both.

export function tokenOwner(githubId: number): string {
  return `user:${githubId}`;
}

/** Another than of the access token, so that neither passes for the other. */
export function refreshTokenOwner(githubId: number): string {
  return `user-refresh:${githubId}`;
}

/** Encrypts a user's access token. @param ownerId the user's id at GitHub */
export function encryptToken(fernet: Fernet, ownerId: number, token: string): string {
  return sealFor(fernet, tokenOwner(ownerId), token);
}

/**
 * Opens what `encryptToken` made for the same user.
 *
 * @throws FernetError when no key fits, or it belongs to another user
 */
export function decryptToken(fernet: Fernet, ownerId: number, encrypted: string): string {
  return openFor(fernet, tokenOwner(ownerId), encrypted);
}

/** As `encryptToken`, for the token that renews an expiring one. */
export function encryptRefreshToken(fernet: Fernet, ownerId: number, token: string): string {
  return sealFor(fernet, refreshTokenOwner(ownerId), token);
}

/** Opens what `encryptRefreshToken` made for the same user. @throws FernetError as `decryptToken` */
export function decryptRefreshToken(fernet: Fernet, ownerId: number, encrypted: string): string {
  return openFor(fernet, refreshTokenOwner(ownerId), encrypted);
}

/** The user's access token; undefined where none is stored, or no key opens it: the key may come back. */
export function storedToken(
  fernet: Fernet,
  { github_id, encrypted_token }: Pick<UserRow, "github_id" | "encrypted_token">,
): string | undefined {
  if (encrypted_token === null) return undefined;
  return openForIfPossible(fernet, tokenOwner(github_id), encrypted_token);
}
