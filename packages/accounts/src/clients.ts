import {
  createGitHubClient,
  getAuthenticatedUser,
  type GitHubClient,
  GitHubUnauthorized,
} from "@nectr/github";
import type { AccountsDeps } from "./accounts-deps.ts";
import { connectedUserIds } from "./installation-queries.ts";
import { ReconnectNeeded } from "./reconnect-needed.ts";
import { createRequestLimitsStore } from "./request-limits-store.ts";
import { usableToken, type UsableToken } from "./usable-token.ts";
import { pauseUser } from "./user-store.ts";

/** A client for work on a repository, and as whom it acts. */
export interface RepositoryClient {
  readonly client: GitHubClient;
  /** Undefined: the operator's own token, which belongs to no user of ours. */
  readonly userId: number | undefined;
  /** GitHub's id of the user: what they write there is known by it, because a login can change. */
  readonly githubId: number;
  /**
   * To be told when GitHub refused this client (401): the user is paused, unless another token has taken the place
   * of the refused one meanwhile. Of the operator's token nothing is noted.
   */
  refused(): Promise<void>;
}

/**
 * Does `work` as the user. If GitHub refuses the token meanwhile, the user is paused; but if the token was replaced
 * meanwhile, by a renewal or a new sign-in, `work` is done once more with the new one, so it has to be safe to repeat.
 *
 * @throws ReconnectNeeded when there is no token that GitHub would take; else whatever `work` throws
 */
export async function asUser<T>(
  deps: AccountsDeps,
  userId: number,
  work: (client: GitHubClient) => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    const token = await usableToken(deps, userId);
    try {
      return await work(clientWith(deps, userId, token));
    } catch (cause) {
      if (!(cause instanceof GitHubUnauthorized)) throw cause;
      const stillStored = await pauseUser(deps, userId, token.encryptedToken);
      if (stillStored || attempt > 1) throw new ReconnectNeeded(userId, { cause });
    }
  }
}

/**
 * Clients for work on the repository: as each user who is connected and has a token that works, the longest
 * connected first. A later one serves where GitHub no longer shows the repository to those before.
 * The operator's token serves only where nobody is connected: for a connected repository whose users all have to
 * sign in again it would speak in the name of somebody who never agreed to.
 *
 * @throws ReconnectNeeded when nobody's token can be used; it names the first user who could mend that
 */
export async function* clientsForRepository(
  deps: AccountsDeps,
  repositoryId: number,
): AsyncGenerator<RepositoryClient> {
  const userIds = await connectedUserIds(deps.db, repositoryId);
  let served = false;
  for (const userId of userIds) {
    const token = await tokenUnlessReconnectNeeded(deps, userId);
    if (!token) continue;
    served = true;
    yield userClient(deps, userId, token);
  }
  if (served) return;
  if (userIds.length > 0 || !deps.fallbackToken) throw new ReconnectNeeded(userIds[0]);
  yield await fallbackClient(deps, deps.fallbackToken);
}

async function tokenUnlessReconnectNeeded(
  deps: AccountsDeps,
  userId: number,
): Promise<UsableToken | undefined> {
  try {
    return await usableToken(deps, userId);
  } catch (error) {
    if (error instanceof ReconnectNeeded) return undefined;
    throw error;
  }
}

function userClient(deps: AccountsDeps, userId: number, token: UsableToken): RepositoryClient {
  return {
    client: clientWith(deps, userId, token),
    userId,
    githubId: token.githubId,
    async refused() {
      await pauseUser(deps, userId, token.encryptedToken);
    },
  };
}

async function fallbackClient(deps: AccountsDeps, token: string): Promise<RepositoryClient> {
  try {
    const settings = { ...clientSettings(deps), token, userId: "operator" };
    const limits = createRequestLimitsStore(deps.db, "operator");
    const { id: githubId } = await getAuthenticatedUser(createGitHubClient({ ...settings, limits }));
    // The operator may have signed in, too: GitHub's limits are the same person's.
    const client = createGitHubClient({ ...settings, limits: createRequestLimitsStore(deps.db, githubId) });
    return { client, userId: undefined, githubId, async refused() {} };
  } catch (cause) {
    if (cause instanceof GitHubUnauthorized) throw new ReconnectNeeded(undefined, { cause });
    throw cause;
  }
}

function clientWith(deps: AccountsDeps, userId: number, { token, githubId }: UsableToken): GitHubClient {
  const limits = createRequestLimitsStore(deps.db, githubId);
  return createGitHubClient({ ...clientSettings(deps), token, userId: String(userId), limits });
}

/** How every client reaches GitHub, whosever token it carries. */
export function clientSettings({ github }: AccountsDeps) {
  const { apiUrl, log, onRequest, pace } = github;
  return { apiUrl, ...(log && { log }), ...(onRequest && { onRequest }), ...(pace && { pace }) };
}
