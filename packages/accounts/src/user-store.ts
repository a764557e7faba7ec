import type { Db, UserRow } from "@nectr/db";
import type { OAuthToken } from "@nectr/github";
import { type AccountsDeps, now } from "./accounts-deps.ts";
import { encryptRefreshToken, encryptToken, storedToken } from "./sealed-tokens.ts";

/** Who signed in, as GitHub says. */
export interface GitHubProfile {
  readonly id: number;
  readonly login: string;
  readonly name?: string | undefined;
  readonly email?: string | undefined;
  readonly avatarUrl?: string | undefined;
}

/** A user's tokens as they lie in the row. */
export type SealedTokens = Pick<
  UserRow,
  "encrypted_token" | "encrypted_refresh_token" | "token_expires_at" | "scopes" | "token_state"
>;

/**
 * Stores a user with a fresh token, known by GitHub's id: a changed login is the same user. One statement, so that
 * two sign-ins at once end with one row, whole.
 */
export function saveUser(
  deps: Pick<AccountsDeps, "db" | "fernet" | "clock">,
  profile: GitHubProfile,
  token: OAuthToken,
): Promise<UserRow> {
  const changing = {
    login: profile.login,
    name: profile.name ?? null,
    email: profile.email ?? null,
    avatar_url: profile.avatarUrl ?? null,
    ...sealTokens(deps, profile.id, token),
    updated_at: now(deps),
  };
  return deps.db
    .insertInto("users")
    .values({ github_id: profile.id, ...changing })
    .onConflict((conflict) => conflict.column("github_id").doUpdateSet(changing))
    .returningAll()
    .executeTakeFirstOrThrow();
}

export function findUser(db: Db, userId: number): Promise<UserRow | undefined> {
  return db.selectFrom("users").selectAll().where("id", "=", userId).executeTakeFirst();
}

/**
 * Notes that GitHub refuses the user's token, if it is still the stored one: an answer that comes late must not
 * condemn the token of a new sign-in.
 *
 * @param encryptedToken as it was read, by whatever key
 * @returns whether it was, and the user is paused
 */
export function pauseUser(
  deps: Pick<AccountsDeps, "db" | "fernet">,
  userId: number,
  encryptedToken: string,
): Promise<boolean> {
  return changeIfStored(deps, userId, encryptedToken, { token_state: "reconnect_needed" });
}

/** Forgets tokens that were given back, unless others have taken their place. @param encryptedToken as `pauseUser` */
export async function forgetTokens(
  deps: Pick<AccountsDeps, "db" | "fernet">,
  userId: number,
  encryptedToken: string,
): Promise<void> {
  await changeIfStored(deps, userId, encryptedToken, {
    encrypted_token: null,
    encrypted_refresh_token: null,
    token_expires_at: null,
    token_state: "reconnect_needed",
  });
}

function changeIfStored(
  { db, fernet }: Pick<AccountsDeps, "db" | "fernet">,
  userId: number,
  encryptedToken: string,
  tokens: Partial<SealedTokens>,
): Promise<boolean> {
  return withLockedUser(db, userId, async (user) =>
    user && isStored(fernet, user, encryptedToken) ? { result: true, tokens } : { result: false },
  );
}

/** A change of keys leaves the token the same, in another ciphertext. */
function isStored(fernet: AccountsDeps["fernet"], user: UserRow, encryptedToken: string): boolean {
  if (user.encrypted_token === encryptedToken) return true;
  const token = storedToken(fernet, user);
  return token !== undefined && token === storedToken(fernet, { ...user, encrypted_token: encryptedToken });
}

/**
 * Does `work` while no other process renews this user's token: the row stays locked meanwhile. What `work` returns
 * as `tokens` is saved before anybody, the caller included, gets to use it.
 */
export function withLockedUser<T>(
  db: Db,
  userId: number,
  work: (user: UserRow | undefined) => Promise<{ result: T; tokens?: Partial<SealedTokens> }>,
): Promise<T> {
  return db.transaction().execute(async (transaction) => {
    const user = await transaction
      .selectFrom("users")
      .selectAll()
      .where("id", "=", userId)
      .forUpdate()
      .executeTakeFirst();
    const { result, tokens } = await work(user);
    if (tokens) await transaction.updateTable("users").set(tokens).where("id", "=", userId).execute();
    return result;
  });
}

/** The columns of a token that GitHub has just given. @param githubId its owner */
export function sealTokens(
  { fernet }: Pick<AccountsDeps, "fernet">,
  githubId: number,
  token: OAuthToken,
): SealedTokens {
  return {
    encrypted_token: encryptToken(fernet, githubId, token.accessToken),
    encrypted_refresh_token:
      token.refreshToken === undefined ? null : encryptRefreshToken(fernet, githubId, token.refreshToken),
    token_expires_at: token.expiresAt ?? null,
    scopes: token.scopes.join(" "),
    token_state: "active",
  };
}
