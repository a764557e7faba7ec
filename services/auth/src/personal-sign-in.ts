import { clientSettings, saveUser, takeSignInLink } from "@nectr/accounts";
import type { UserRow } from "@nectr/db";
import {
  createGitHubClient,
  getAuthenticatedUser,
  getPrimaryEmail,
  GitHubError,
  GitHubUnauthorized,
} from "@nectr/github";
import type { AuthContext } from "./context.ts";
import { refusal } from "./problems.ts";
import { endPollingForOthers } from "./repository-store.ts";
import { openSession } from "./sign-in.ts";

/**
 * Signs in whom GITHUB_PAT belongs to, by a link that only they were shown.
 *
 * @returns the session's token for the cookie
 * @throws Problem link_invalid, token_refused, github_unavailable; after the last two the link is used up, too
 */
export async function signInByLink(
  context: AuthContext,
  { linkToken, previousSessionId }: { linkToken: string; previousSessionId: string | undefined },
): Promise<string> {
  const { personalToken } = context.config;
  const good = personalToken !== undefined && (await takeSignInLink(context.db, linkToken, context.clock()));
  if (!good) {
    const detail = "This link was used, or is too old. `npm run link` prints a new one.";
    throw refusal("link_invalid", detail);
  }
  const user = await savePerson(context, personalToken);
  await endPollingForOthers(context.db, user.id);
  return openSession(context, user, previousSessionId);
}

/** The person as GitHub knows them by the token, stored with it like everybody who signs in. */
async function savePerson(context: AuthContext, token: string): Promise<UserRow> {
  try {
    const client = createGitHubClient({ ...clientSettings(context.accounts), token, userId: "personal" });
    const [profile, email] = await Promise.all([getAuthenticatedUser(client), getPrimaryEmail(client)]);
    return await saveUser(
      context.accounts,
      { ...profile, email },
      { accessToken: token, scopes: profile.scopes },
    );
  } catch (cause) {
    if (!(cause instanceof GitHubError)) throw cause;
    if (cause instanceof GitHubUnauthorized) {
      const detail =
        "GitHub does not accept the token. Set GITHUB_PAT to a valid one, or sign in to gh again, then start again.";
      throw refusal("token_refused", detail, { cause });
    }
    throw refusal("github_unavailable", "GitHub does not answer. Try again with a new link.", { cause });
  }
}
