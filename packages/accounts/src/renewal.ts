import type { Db, UserRow } from "@nectr/db";
import { OAuthError, refreshToken } from "@nectr/github";
import { type AccountsDeps, now } from "./accounts-deps.ts";
import { opened } from "./reconnect-needed.ts";
import { decryptRefreshToken } from "./sealed-tokens.ts";
import { type SealedTokens, sealTokens, withLockedUser } from "./user-store.ts";

/** A token that ends sooner than this is renewed first, so that the work it is for can end. */
const renewBeforeMs = 10 * 60_000;

/** True where the token has to be renewed before it is used. */
export function endsSoon(deps: Pick<AccountsDeps, "clock">, user: UserRow): boolean {
  if (user.token_state !== "active" || user.token_expires_at === null) return false;
  return user.token_expires_at.getTime() - now(deps).getTime() < renewBeforeMs;
}

/** By user, what is under way on each pool of locks: who asks meanwhile shares it, and needs no connection. */
const underWay = new WeakMap<Db, Map<number, Promise<UserRow | undefined>>>();

/**
 * One renewal at a time: GitHub takes a refresh token once, and whoever waited finds the new pair. Within a process
 * all callers share one; processes are kept apart by the row's lock. If the process dies between GitHub's answer and
 * the commit, the pair is lost and the next attempt ends in `reconnect_needed`.
 */
export function renew(deps: AccountsDeps, userId: number): Promise<UserRow | undefined> {
  const renewals = underWay.get(deps.locks) ?? new Map<number, Promise<UserRow | undefined>>();
  underWay.set(deps.locks, renewals);
  const shared = renewals.get(userId);
  if (shared) return shared;
  const renewal = renewLocked(deps, userId).finally(() => renewals.delete(userId));
  renewals.set(userId, renewal);
  return renewal;
}

function renewLocked(deps: AccountsDeps, userId: number): Promise<UserRow | undefined> {
  return withLockedUser(deps.locks, userId, async (user) => {
    if (!user || !endsSoon(deps, user)) return { result: user };
    const tokens = await renewedTokens(deps, user);
    return { result: { ...user, ...tokens }, tokens };
  });
}

async function renewedTokens(deps: AccountsDeps, user: UserRow): Promise<Partial<SealedTokens>> {
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
