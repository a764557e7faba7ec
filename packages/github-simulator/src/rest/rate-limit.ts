import { GitHubProblem } from "../problem.ts";
import { type Call, type Route, ok } from "./call.ts";

/** What has an allowance of its own, as GitHub calls it. */
export type Resource = "core" | "graphql" | "code_search";

/** How much of an allowance someone has left. */
interface Allowance {
  readonly limit: number;
  readonly used: number;
  readonly remaining: number;
  /** In seconds since 1970. */
  readonly reset: number;
}

export interface RateLimits {
  peek(key: string, resource?: Resource): Allowance;
  /** Counts one request; what is left afterwards. Throws 403 where nothing was left. */
  spend(key: string, resource?: Resource): Allowance;
}

/** How many requests a user has in an hour. */
export const perHour = 5000;
const hourMs = 3_600_000;
/** GraphQL's are points; a minute's searches are few. */
const allowances: Readonly<Record<Resource, { limit: number; windowMs: number }>> = {
  core: { limit: perHour, windowMs: hourMs },
  graphql: { limit: perHour, windowMs: hourMs },
  code_search: { limit: 10, windowMs: 60_000 },
};

/** GitHub's allowances, of each user over all their tokens. */
export function createRateLimits(now: () => Date): RateLimits {
  const windows = new Map<string, { used: number; endsAt: number }>();
  const windowOf = (key: string, resource: Resource) => {
    const name = `${resource} ${key}`;
    const known = windows.get(name);
    if (known && known.endsAt > now().getTime()) return known;
    const fresh = { used: 0, endsAt: now().getTime() + allowances[resource].windowMs };
    windows.set(name, fresh);
    return fresh;
  };
  const peek = (key: string, resource: Resource = "core"): Allowance => {
    const { used, endsAt } = windowOf(key, resource);
    const { limit } = allowances[resource];
    return { limit, used, remaining: limit - used, reset: Math.ceil(endsAt / 1000) };
  };
  return {
    peek,
    spend(key, resource = "core") {
      const window = windowOf(key, resource);
      if (window.used >= allowances[resource].limit) {
        const headers = rateHeaders(peek(key, resource), resource);
        throw new GitHubProblem(403, "API rate limit exceeded for user.", [], headers);
      }
      window.used += 1;
      return peek(key, resource);
    },
  };
}

/** The headers that every answer of the API carries. */
export function rateHeaders(allowance: Allowance, resource: Resource = "core"): Record<string, string> {
  return {
    "X-RateLimit-Limit": String(allowance.limit),
    "X-RateLimit-Remaining": String(allowance.remaining),
    "X-RateLimit-Used": String(allowance.used),
    "X-RateLimit-Reset": String(allowance.reset),
    "X-RateLimit-Resource": resource,
  };
}

/** Whose allowance a request uses: the user's, or one for all the anonymous. */
export function allowanceKey(viewer: Call["viewer"]): string {
  return viewer ? String(viewer.user.id) : "anonymous";
}

/** `/rate_limit`, which costs nothing itself. */
export function rateLimitRoutes(limits: RateLimits): readonly Route[] {
  const show = (call: Call) => {
    const of = (resource: Resource) => limits.peek(allowanceKey(call.viewer), resource);
    const core = of("core");
    const search = { ...core, used: 0, remaining: core.limit };
    return ok({
      resources: { core, search, graphql: of("graphql"), code_search: of("code_search") },
      rate: core,
    });
  };
  return [["get", "/rate_limit", show]];
}
