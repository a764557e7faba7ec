import { clientSettings, saveUser } from "@nectr/accounts";
import type { UserRow } from "@nectr/db";
import { createGitHubClient, getAuthenticatedUser, getPrimaryEmail, type OAuthToken } from "@nectr/github";
import type { AuthContext } from "./context.ts";
import { createSession, revokeSession } from "./session-store.ts";

/** Stores the person whom the token belongs to, as GitHub knows them, with the token. @throws GitHubError */
export async function saveOwner({ accounts }: AuthContext, token: OAuthToken): Promise<UserRow> {
  const client = createGitHubClient({
    ...clientSettings(accounts),
    token: token.accessToken,
    userId: "sign-in",
  });
  const [profile, email] = await Promise.all([getAuthenticatedUser(client), getPrimaryEmail(client)]);
  // Where nobody has said what was granted, a header of the API does.
  const scopes = token.scopes.length > 0 ? token.scopes : profile.scopes;
  return saveUser(accounts, { ...profile, email }, { ...token, scopes });
}

/**
 * Begins a session of somebody who has just signed in, in place of the one that the browser had.
 *
 * @returns the session's token for the cookie
 */
export async function openSession(
  context: AuthContext,
  user: UserRow,
  previousSessionId: string | undefined,
): Promise<string> {
  if (previousSessionId !== undefined) {
    await revokeSession(context.db, previousSessionId, context.clock());
  }
  context.visible.forget(user.id);
  const expiresAt = new Date(context.clock().getTime() + context.config.sessionMinutes * 60_000);
  const sessionId = await createSession(context.db, user.id, expiresAt);
  return context.sessionTokens.sign({ userId: String(user.id), sessionId });
}
