import type { RepositoryClient } from "@nectr/accounts";
import { isRefusal } from "../repository-access.ts";

/** Does a piece of work as a user, with the client that served them last. */
export type WithPollClient = <T>(
  account: RepositoryClient,
  work: (account: RepositoryClient) => Promise<T>,
) => Promise<T>;

/**
 * Keeps each user's client from one poll to the next, for the ETags that make an unchanged answer free of charge. Its
 * token may have been replaced meanwhile: refused, it gives way to the present one, if that one does better.
 */
export function createPollClients(): WithPollClient {
  const kept = new Map<number | undefined, RepositoryClient>();
  return async (account, work) => {
    const before = kept.get(account.userId);
    if (before === undefined) {
      kept.set(account.userId, account);
      return await work(account);
    }
    try {
      return await work(before);
    } catch (error) {
      if (!isRefusal(error)) throw error;
    }
    const result = await work(account);
    kept.set(account.userId, account);
    return result;
  };
}
