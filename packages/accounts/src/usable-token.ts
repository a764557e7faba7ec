import { FernetError } from "@nectr/crypto";
import type { UserRow } from "@nectr/db";
import { OAuthError, refreshToken } from "@nectr/github";
import { type AccountsDeps, now } from "./accounts-deps.ts";
import { ReconnectNeeded } from "./reconnect-needed.ts";
import { decryptRefreshToken, decryptToken } from "./sealed-tokens.ts";
import { findUser, sealTokens, withLockedUser } from "./user-store.ts";

/** A token that ends sooner than this is renewed first, so that the work it is for can end. */
const renewBeforeMs = 10 * 60_000;

export interface UsableToken {
  readonly token: string;
  /** As it is stored, to tell later whether it still is the user's token. */
  readonly encryptedToken: string;
  /** GitHub's id of the user. */
  readonly githubId: number;
}

/**
 * The user's token, renewed where it is about to end.
 *
 * @throws ReconnectNeeded when there is none that GitHub would take
 * @throws OAuthError when GitHub refuses a new one for a reason that a new sign-in does not mend
 * @throws GitHubError when GitHub cannot be asked for a new one
 */
export async function usableToken(deps: AccountsDeps, userId: number): Promise<UsableToken> {
  const user = await findUser(deps.db, userId);
  if (!user || !endsSoon(deps, user)) return open(deps, user);
  return open(deps, await renew(deps, userId));
}

/** What the user has to know of their token; what lies in the row is not the whole truth where a key was lost. */
export function tokenStateOf(deps: Pick<AccountsDeps, "fernet">, user: UserRow): UserRow["token_state"] {
  try {
    open(deps, user);
    return "active";
  } catch (error) {
    if (error instanceof ReconnectNeeded) return "reconnect_needed";
    throw error;
  }
}

function endsSoon(deps: AccountsDeps, { token_state, token_expires_at }: UserRow): boolean {
  if (token_state !== "active" || token_expires_at === null) return false;
  return token_expires_at.getTime() - now(deps).getTime() < renewBeforeMs;
}

/**
 * One renewal at a time, whatever the number of processes: GitHub takes a refresh token once, and whoever waited
 * finds the new pair. If the process dies between GitHub's answer and the commit, the pair is lost and the next
 * attempt ends in `reconnect_needed`.
 */
function renew(deps: AccountsDeps, userId: number): Promise<UserRow | undefined> {
  return withLockedUser(deps.locks, userId, async (user) => {
    if (!user || !endsSoon(deps, user)) return { result: user };
    const tokens = await renewedTokens(deps, user);
    return { result: { ...user, ...tokens }, tokens };
  });
}

async function renewedTokens(
  deps: AccountsDeps,
  user: UserRow,
): Promise<ReturnType<typeof sealTokens> | { token_state: "reconnect_needed" }> {
  const { githubUrl, clientId, clientSecret } = deps.github;
  const { encrypted_refresh_token: encrypted } = user;
  if (encrypted === null || clientId === undefined || clientSecret === undefined) {
    return { token_state: "reconnect_needed" };
  }
  const refresh = opened(user, () => decryptRefreshToken(deps.fernet, user.github_id, encrypted));
  try {
    const token = await refreshToken({ githubUrl, clientId, clientSecret, refreshToken: refresh });
    return sealTokens(deps, user.github_id, token);
  } catch (error) {
    // Nothing but a new sign-in mends a dead refresh token. After all other refusals, such as of the app's
    // credentials, the token is as good as before.
    if (!(error instanceof OAuthError) || error.code !== "bad_refresh_token") throw error;
    return { token_state: "reconnect_needed" };
  }
}

function open(deps: Pick<AccountsDeps, "fernet">, user: UserRow | undefined): UsableToken {
  if (!user || user.token_state !== "active" || user.encrypted_token === null) {
    throw new ReconnectNeeded(user?.id);
  }
  const { encrypted_token: encryptedToken, github_id: githubId } = user;
  const token = opened(user, () => decryptToken(deps.fernet, githubId, encryptedToken));
  return { token, encryptedToken, githubId };
}

/** A token whose key is gone helps as little as a revoked one. The row stays: the key may come back. */
function opened(user: UserRow, decrypt: () => string): string {
  try {
    return decrypt();
  } catch (cause) {
    if (cause instanceof FernetError) throw new ReconnectNeeded(user.id, { cause });
    throw cause;
  }
}
