import { ReconnectNeeded } from "@nectr/accounts";
import { GitHubRateLimited, GitHubUnauthorized } from "@nectr/github";
import { isRefusal } from "../repository-access.ts";
import type { DeliveriesTurn } from "./reconcile-deliveries.ts";

/** How a repository's turn ended: nothing is missing, something is on its way, or why it could not be done. */
export type ReconcileOutcome = "complete" | "waiting" | "limited" | "refused" | "reconnect" | "failed";

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/**
 * Whether it is time to look at the pull requests themselves: nothing is on its way that would tell of them. Where the
 * receiver was asked before and heard nothing, they do not wait for it.
 */
export function isQuiet({ asked, awaitedSince, probe, missing }: DeliveriesTurn): boolean {
  if (awaitedSince !== undefined) return false;
  return asked === 0 || (probe && missing.some((delivery) => delivery.asked !== undefined));
}

/** When the repository's next turn is. What arrives before calls for one by itself. */
export function pauseAfter(
  { asked, probe, postponed, awaitedSince }: DeliveriesTurn,
  { settleMs, now }: { settleMs: number; now: Date },
): number {
  if (postponed === "turn") return 0;
  if (postponed === "hour") return 10 * minuteMs;
  if (awaitedSince !== undefined) return settleMs - (now.getTime() - awaitedSince.getTime());
  return asked > 0 && !probe ? settleMs : aboutAnHour();
}

export function troubleOf(error: unknown, now: Date): { outcome: ReconcileOutcome; nextInMs: number } {
  if (error instanceof GitHubRateLimited) {
    return { outcome: "limited", nextInMs: Math.max(1_000, error.retryAt.getTime() - now.getTime()) };
  }
  if (error instanceof ReconnectNeeded || error instanceof GitHubUnauthorized) {
    return { outcome: "reconnect", nextInMs: aboutAnHour() };
  }
  return { outcome: isRefusal(error) ? "refused" : "failed", nextInMs: 10 * minuteMs };
}

/** Spread, so that those that began together do not stay together. */
export function aboutAnHour(): number {
  return hourMs * (0.9 + Math.random() / 5);
}
