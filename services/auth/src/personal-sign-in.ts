import { takeSignInLink } from "@nectr/accounts";
import type { UserRow } from "@nectr/db";
import { GitHubError, GitHubUnauthorized } from "@nectr/github";
import type { AuthContext } from "./context.ts";
import { endPollingForOthers } from "./installation-store.ts";
import { openSession, saveOwner } from "./open-session.ts";
import { refusal } from "./problems.ts";

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

async function savePerson(context: AuthContext, accessToken: string): Promise<UserRow> {
  try {
    return await saveOwner(context, { accessToken, scopes: [] });
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
