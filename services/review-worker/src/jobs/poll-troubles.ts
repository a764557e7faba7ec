import { ReconnectNeeded } from "@nectr/accounts";
import { GitHubRateLimited, GitHubUnauthorized } from "@nectr/github";
import type { Logger } from "@nectr/service";
import type { RepositoryKey } from "../pull-request-store.ts";

/** Why a repository was not polled: its user is at a limit, or has to sign in again, or anything else. */
export type PollTrouble = "limited" | "reconnect" | "failed";

/** The repositories that could not be polled the last time. */
export interface PollTroubles {
  /** Whether to leave the repository alone for now. */
  rests(repository: RepositoryKey): boolean;
  failed(repository: RepositoryKey, error: unknown): PollTrouble;
  worked(repository: RepositoryKey): void;
}

const longestRestMs = 15 * 60_000;

/**
 * A repository that GitHub refuses is asked for ever more rarely, and one whose user is at a limit not before its end.
 * What has begun is logged once, and its end once.
 * @param options.intervalMs how often the repositories are polled.
 */
export function createPollTroubles({
  intervalMs,
  logger,
  now = Date.now,
}: {
  readonly intervalMs: number;
  readonly logger: Logger;
  readonly now?: () => number;
}): PollTroubles {
  const troubles = new Map<number, { readonly failures: number; readonly restsUntil: number }>();
  return {
    rests: ({ id }) => now() < (troubles.get(id)?.restsUntil ?? 0),
    failed({ id, fullName }, error) {
      const before = troubles.get(id);
      const trouble = troubleOf(error);
      const failures = (before?.failures ?? 0) + (trouble === "failed" ? 1 : 0);
      troubles.set(id, { failures, restsUntil: restsUntil(error, failures) });
      if (before === undefined) {
        logger.warn({ err: error, repository: fullName }, "the repository can't be polled");
      }
      return trouble;
    },
    worked({ id, fullName }) {
      if (troubles.delete(id)) logger.info({ repository: fullName }, "the repository is polled again");
    },
  };

  function restsUntil(error: unknown, failures: number): number {
    if (error instanceof GitHubRateLimited) return error.retryAt.getTime();
    // Without a token it costs no request, and should be over as soon as there is one again.
    if (troubleOf(error) === "reconnect") return 0;
    // The first rest ends before the next turn.
    return now() + Math.min(longestRestMs, (2 ** (failures - 1) - 0.5) * intervalMs);
  }
}

function troubleOf(error: unknown): PollTrouble {
  if (error instanceof GitHubRateLimited) return "limited";
  // A token that was refused is not used again: the next time there is none.
  const withoutToken = error instanceof ReconnectNeeded || error instanceof GitHubUnauthorized;
  return withoutToken ? "reconnect" : "failed";
}
