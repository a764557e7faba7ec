import { asUser } from "@nectr/accounts";
import type { GitHubClient } from "@nectr/github";
import type { AuthContext } from "./context.ts";

/**
 * As `asUser`, for work that holds a repository's lock: one at a time for each user. GitHub takes their writes one by
 * one anyway, and whoever connects many repositories at once keeps nobody else from connecting one.
 */
export function asUserInTurn<T>(
  { accounts, turns }: Pick<AuthContext, "accounts" | "turns">,
  userId: number,
  work: (client: GitHubClient) => Promise<T>,
): Promise<T> {
  const before = turns.get(userId) ?? Promise.resolve();
  const done = before.then(() => asUser(accounts, userId, work));
  const tidyUp = () => {
    if (turns.get(userId) === ended) turns.delete(userId);
  };
  const ended = done.then(tidyUp, tidyUp);
  turns.set(userId, ended);
  return done;
}
