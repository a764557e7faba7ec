import type { Db } from "@nectr/db";

/** An authorization under way. */
export interface OAuthState {
  readonly stateHash: Buffer;
  readonly encryptedCodeVerifier: string;
  readonly returnTo: string | undefined;
  readonly expiresAt: Date;
}

/** Remembers an authorization. Those that nobody finishes stay, of no use, until the worker prunes them. */
export async function saveOAuthState(db: Db, state: OAuthState): Promise<void> {
  await db
    .insertInto("oauth_states")
    .values({
      state_hash: state.stateHash,
      encrypted_code_verifier: state.encryptedCodeVerifier,
      return_to: state.returnTo ?? null,
      expires_at: state.expiresAt,
    })
    .execute();
}

/**
 * Takes the authorization out, so that it can be finished once: of parallel calls one gets it. Undefined for one
 * that is not there, or is there too long.
 */
export async function consumeOAuthState(
  db: Db,
  stateHash: Buffer,
  now: Date,
): Promise<OAuthState | undefined> {
  const row = await db
    .deleteFrom("oauth_states")
    .where("state_hash", "=", stateHash)
    .returningAll()
    .executeTakeFirst();
  if (!row || row.expires_at <= now) return undefined;
  return {
    stateHash: row.state_hash,
    encryptedCodeVerifier: row.encrypted_code_verifier,
    returnTo: row.return_to ?? undefined,
    expiresAt: row.expires_at,
  };
}
