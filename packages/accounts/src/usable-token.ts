import type { UserRow } from "@nectr/db";
import type { AccountsDeps } from "./accounts-deps.ts";
import { opened, ReconnectNeeded } from "./reconnect-needed.ts";
import { endsSoon, renew } from "./renewal.ts";
import { decryptToken, storedToken } from "./sealed-tokens.ts";
import { findUser } from "./user-store.ts";

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
  return open(deps, await renewedUser(deps, userId));
}

/** The user, whose token was renewed if it was about to end. @throws as `usableToken` where that fails */
export async function renewedUser(deps: AccountsDeps, userId: number): Promise<UserRow | undefined> {
  const user = await findUser(deps.db, userId);
  return user && endsSoon(deps, user) ? renew(deps, userId) : user;
}

/** What the user has to know of their token; what lies in the row is not the whole truth where a key was lost. */
export function tokenStateOf(
  { fernet }: Pick<AccountsDeps, "fernet">,
  user: UserRow,
): UserRow["token_state"] {
  const usable = user.token_state === "active" && storedToken(fernet, user) !== undefined;
  return usable ? "active" : "reconnect_needed";
}

function open(deps: Pick<AccountsDeps, "fernet">, user: UserRow | undefined): UsableToken {
  if (!user || user.token_state !== "active" || user.encrypted_token === null) {
    throw new ReconnectNeeded(user?.id);
  }
  const { encrypted_token: encryptedToken, github_id: githubId } = user;
  const token = opened(user, () => decryptToken(deps.fernet, githubId, encryptedToken));
  return { token, encryptedToken, githubId };
}
