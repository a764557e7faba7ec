import { type GitHubClient, listRepositories, type Repository } from "@nectr/github";
import { LRUCache } from "lru-cache";
import type { AccountsDeps } from "./accounts-deps.ts";
import { asUser } from "./clients.ts";

/** What each user may see at GitHub, remembered for a short time. */
export interface VisibleRepositories {
  /**
   * The repositories that the user owns, collaborates on or sees through an organization, last pushed first.
   *
   * @throws ReconnectNeeded when GitHub does not take the user's token
   */
  list(userId: number): Promise<readonly Repository[]>;
  /** Ask GitHub again the next time: the user has just granted or connected something. */
  forget(userId: number): void;
}

/** Pages of 100 that are read for one user: 10,000 repositories. */
const mostPages = 100;

/**
 * @param options.ttlMs how old an answer may be: access that was taken away at GitHub ends here no later (2 minutes)
 * @param options.maxRepositories remembered over all users; the users seen longest ago are forgotten first
 */
export function createVisibleRepositories(
  deps: AccountsDeps,
  { ttlMs = 120_000, maxRepositories = 200_000 }: { ttlMs?: number; maxRepositories?: number } = {},
): VisibleRepositories {
  const known = new LRUCache<number, readonly Repository[]>({
    ttl: ttlMs,
    maxSize: maxRepositories,
    sizeCalculation: (repositories) => repositories.length + 1,
  });
  const underWay = new Map<number, Promise<readonly Repository[]>>();

  async function ask(userId: number): Promise<readonly Repository[]> {
    const asked = asUser(deps, userId, listAll);
    underWay.set(userId, asked);
    try {
      const repositories = await asked;
      // Forgotten meanwhile: the answer may be older than what made us forget.
      if (underWay.get(userId) === asked) known.set(userId, repositories);
      return repositories;
    } finally {
      if (underWay.get(userId) === asked) underWay.delete(userId);
    }
  }

  return {
    async list(userId) {
      return known.get(userId) ?? underWay.get(userId) ?? ask(userId);
    },
    forget(userId) {
      known.delete(userId);
      underWay.delete(userId);
    },
  };
}

async function listAll(client: GitHubClient): Promise<readonly Repository[]> {
  const all = new Map<number, Repository>();
  for (let page = 1; page <= mostPages; page += 1) {
    const repositories = await listRepositories(client, { page });
    // The order is by last push, so one can slip to the next page while we read.
    for (const repository of repositories) all.set(repository.id, repository);
    if (repositories.length === 0) break;
  }
  return [...all.values()];
}
