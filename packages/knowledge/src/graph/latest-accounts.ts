import type { Account, PullRequestFacts } from "./pull-request-facts.ts";

/** Everybody who takes part, once: of a login that changed the one of the pull request that was updated last. */
export function latestAccounts(pulls: readonly PullRequestFacts[]): Account[] {
  const people = new Map<number, Account>();
  for (const { author, reviewers } of pulls.toSorted(
    (a, b) => a.updatedAt.getTime() - b.updatedAt.getTime(),
  )) {
    for (const account of author === null ? reviewers : [author, ...reviewers])
      people.set(account.id, account);
  }
  return [...people.values()];
}
