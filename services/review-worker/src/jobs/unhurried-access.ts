import type { AccountsDeps, RepositoryClient } from "@nectr/accounts";
import { GitHubRateLimited, unhurried, withSignal } from "@nectr/github";
import type { RepositoryKey } from "../pull-request-store.ts";
import { asFirstAdmitted } from "../repository-access.ts";
import { createPollClients } from "./poll-clients.ts";

/** Does `work` on a repository as one of those who are connected. */
export type UnhurriedAccess = <T>(
  repository: RepositoryKey,
  stop: AbortSignal,
  work: (account: RepositoryClient) => Promise<T>,
) => Promise<T>;

/**
 * For work that can wait: it leaves half of what a user may do to reviews. Who has met a limit in it, GitHub's or one of
 * ours, is left in peace until its end, whichever of their repositories is next. Clients are kept, with their ETags.
 */
export function createUnhurriedAccess(accounts: AccountsDeps, now = () => new Date()): UnhurriedAccess {
  const withClient = createPollClients();
  const rests = new Map<number | undefined, Date>();
  return async ({ id }, stop, work) =>
    await asFirstAdmitted(accounts, id, async (account) => {
      const until = rests.get(account.userId);
      if (until !== undefined && until > now()) throw new GitHubRateLimited("The user is at a limit", until);
      try {
        return await withClient(account, (kept) =>
          work({ ...kept, client: unhurried(withSignal(kept.client, stop)) }),
        );
      } catch (error) {
        if (error instanceof GitHubRateLimited) rests.set(account.userId, error.retryAt);
        throw error;
      }
    });
}
