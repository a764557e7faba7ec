import { Octokit } from "@octokit/core";
import { retry } from "@octokit/plugin-retry";
import { throttling } from "@octokit/plugin-throttling";
import type { GitHubLog } from "./log.ts";

/** A limit that ends within so many seconds is waited for in place, once; a longer one parks the job. */
const longestWaitSeconds = 5;
const readRetries = 3;
/** A query may have failed for its size, and who asked it can ask in another way. */
const queryRetries = 1;

/**
 * The one Octokit: core, with retry and throttling. Retry is made for 5xx and broken connections alone; limits
 * are left to throttling and to our own errors, since retry would not heed Retry-After. Throttling keeps its
 * limiters in module state by `id`, and by default all clients of a process would share one.
 */
export function createOctokit(o: {
  apiUrl: string;
  userId: string;
  token: string | undefined;
  log: GitHubLog;
  /** Whether to wait before retries. */
  paced: boolean;
  /** For GraphQL's queries alone, which throttling would take for writes. */
  queries?: boolean;
}): Octokit {
  function waits(limit: string, seconds: number, retries: number): boolean {
    if (retries > 0 || seconds > longestWaitSeconds) return false;
    o.log.warn(`GitHub's ${limit} limit was met: waiting for ${seconds} s`);
    return true;
  }
  return new (Octokit.plugin(retry, throttling))({
    ...(o.token !== undefined && { auth: o.token }),
    baseUrl: o.apiUrl.replace(/\/+$/, ""),
    userAgent: "nectr",
    log: o.log,
    retry: {
      retries: o.queries === true ? queryRetries : readRetries,
      retryAfterBaseValue: o.paced ? 1000 : 1,
      doNotRetry: [400, 401, 403, 404, 406, 409, 410, 413, 415, 422, 429, 451],
    },
    throttle: {
      enabled: o.paced && o.queries !== true,
      id: o.userId,
      onRateLimit: (seconds, _options, _octokit, retries) => waits("primary", seconds, retries),
      onSecondaryRateLimit: (seconds, _options, _octokit, retries) => waits("secondary", seconds, retries),
    },
  });
}
