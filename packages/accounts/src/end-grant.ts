import type { UserRow } from "@nectr/db";
import { revokeGrant } from "@nectr/github";
import type { AccountsDeps } from "./accounts-deps.ts";
import { ReconnectNeeded } from "./reconnect-needed.ts";
import { storedToken } from "./sealed-tokens.ts";
import { renewedUser } from "./usable-token.ts";
import { findUser, forgetTokens } from "./user-store.ts";

/**
 * Takes back at GitHub all that the user has granted, so that the next authorization asks for consent and for the
 * organizations again. Until then the user's work waits.
 *
 * @throws GitHubError when GitHub cannot be asked; nothing has changed then
 */
export async function endGrant(deps: AccountsDeps, userId: number): Promise<void> {
  const user = await renewedIfPossible(deps, userId);
  if (user?.encrypted_token == null) return;
  const { apiUrl, clientId, clientSecret } = deps.github;
  // One that cannot be opened cannot be revoked either; the user can still begin afresh.
  const token = storedToken(deps.fernet, user);
  if (token !== undefined && clientId !== undefined && clientSecret !== undefined) {
    await revokeGrant({ apiUrl, clientId, clientSecret, token });
  }
  await forgetTokens(deps, userId, user.encrypted_token);
}

/** With a token that has ended nothing can be revoked, so it is renewed first. */
async function renewedIfPossible(deps: AccountsDeps, userId: number): Promise<UserRow | undefined> {
  try {
    return await renewedUser(deps, userId);
  } catch (error) {
    if (error instanceof ReconnectNeeded) return findUser(deps.db, userId);
    throw error;
  }
}
