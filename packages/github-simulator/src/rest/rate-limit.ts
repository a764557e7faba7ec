import { GitHubProblem } from "../problem.ts";
import { type Call, type Route, ok } from "./call.ts";

/** How much of the hour's allowance someone has left. */
interface Allowance {
  readonly limit: number;
  readonly used: number;
  readonly remaining: number;
  /** In seconds since 1970. */
  readonly reset: number;
}

export interface RateLimits {
  peek(key: string): Allowance;
  /** Counts one request; what is left afterwards. Throws 403 where nothing was left. */
  spend(key: string): Allowance;
}

/** How many requests a user has in an hour. */
export const perHour = 5000;
const hourMs = 3_600_000;

/** 5,000 requests an hour for each user, over all their tokens. */
export function createRateLimits(now: () => Date): RateLimits {
  const windows = new Map<string, { used: number; endsAt: number }>();
  const windowOf = (key: string) => {
    const known = windows.get(key);
    if (known && known.endsAt > now().getTime()) return known;
    const fresh = { used: 0, endsAt: now().getTime() + hourMs };
    windows.set(key, fresh);
    return fresh;
  };
  const peek = (key: string): Allowance => {
    const { used, endsAt } = windowOf(key);
    return { limit: perHour, used, remaining: perHour - used, reset: Math.ceil(endsAt / 1000) };
  };
  return {
    peek,
    spend(key) {
      const window = windowOf(key);
      if (window.used >= perHour) {
        throw new GitHubProblem(403, "API rate limit exceeded for user.", [], rateHeaders(peek(key)));
      }
      window.used += 1;
      return peek(key);
    },
  };
}

/** The headers that every answer of the API carries. */
export function rateHeaders(allowance: Allowance): Record<string, string> {
  return {
    "X-RateLimit-Limit": String(allowance.limit),
    "X-RateLimit-Remaining": String(allowance.remaining),
    "X-RateLimit-Used": String(allowance.used),
    "X-RateLimit-Reset": String(allowance.reset),
    "X-RateLimit-Resource": "core",
  };
}

/** Whose allowance a request uses: the user's, or one for all the anonymous. */
export function allowanceKey(viewer: Call["viewer"]): string {
  return viewer ? String(viewer.user.id) : "anonymous";
}

/** `/rate_limit`, which costs nothing itself. */
export function rateLimitRoutes(limits: RateLimits): readonly Route[] {
  const show = (call: Call) => {
    const core = limits.peek(allowanceKey(call.viewer));
    const idle = { ...core, used: 0, remaining: core.limit };
    return ok({ resources: { core, search: idle, graphql: idle }, rate: core });
  };
  return [["get", "/rate_limit", show]];
}
