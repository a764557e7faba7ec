import { GitHubRateLimited } from "./errors.ts";

/** What a refusal says, as far as limits are concerned. */
export interface Refusal {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | number | undefined>>;
  /** GitHub's message and the texts and codes of its `errors`. */
  readonly messages: readonly string[];
}

/** Seconds to wait after a secondary limit that names no time; doubled each time it strikes again. */
const firstPauseSeconds = 60;
const longestPauseSeconds = 15 * 60;

/**
 * Which limit a refusal tells of, if any. Secondary limits come as 403, 429 and, for content that is
 * written too fast, as 422 "was submitted too quickly" or with the code `abuse`:
 * https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api
 */
export function limitOf({ status, headers, messages }: Refusal): "primary" | "secondary" | undefined {
  const text = messages.join("\n");
  if (status === 422) return /submitted too quickly|^abuse$/im.test(text) ? "secondary" : undefined;
  if (status !== 403 && status !== 429) return undefined;
  if (/secondary rate|abuse detection/i.test(text)) return "secondary";
  if (String(headers["x-ratelimit-remaining"]) === "0") return "primary";
  return status === 429 || headers["retry-after"] !== undefined ? "secondary" : undefined;
}

/** The limits that one token has met: refuses calls while GitHub wants silence. */
export interface RateLimits {
  /** Throws GitHubRateLimited before the time that GitHub set; calling earlier prolongs a ban. */
  check(): void;
  /** Notes a limit and says when to try again. */
  strike(limit: "primary" | "secondary", refusal: Refusal): Date;
  /** Notes an answer that was not refused. */
  clear(): void;
}

/** Limits met so far by one client, in this process. `now` gives milliseconds since 1970. */
export function createRateLimits(now: () => number = Date.now): RateLimits {
  let retryAt = 0;
  let strikes = 0;
  return {
    check() {
      if (now() < retryAt) {
        throw new GitHubRateLimited("GitHub asked for a pause that is not over yet", new Date(retryAt));
      }
    },
    strike(limit, refusal) {
      const growing = Math.min(firstPauseSeconds * 2 ** strikes, longestPauseSeconds) * 1000;
      strikes += 1;
      retryAt = now() + (pauseAsked(limit, refusal, now()) ?? growing);
      return new Date(retryAt);
    },
    clear() {
      strikes = 0;
    },
  };
}

/** Milliseconds that the headers ask for: Retry-After first, then the reset of an exhausted limit. */
function pauseAsked(limit: "primary" | "secondary", { headers }: Refusal, now: number): number | undefined {
  const retryAfter = Number(headers["retry-after"]);
  if (retryAfter > 0) return retryAfter * 1000;
  const reset = Number(headers["x-ratelimit-reset"]);
  const exhausted = limit === "primary" || String(headers["x-ratelimit-remaining"]) === "0";
  // One second more, as plugin-throttling does: the reset is in whole seconds, and clocks differ.
  return exhausted && reset > 0 ? Math.max(reset * 1000 - now, 0) + 1000 : undefined;
}
