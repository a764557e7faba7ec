/** What an answer says, as far as limits are concerned. */
export interface LimitAnswer {
  readonly status: number;
  readonly headers: Headers;
  /** GitHub's message and the texts and codes of its `errors`. */
  readonly messages: readonly string[];
}

export type Limit = "primary" | "secondary";

/**
 * Which limit an answer tells of, if any. Secondary limits come as 403, 429 and, for content that is written too fast,
 * as 422 "was submitted too quickly" or with the code `abuse`:
 * https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api
 */
export function limitOf({ status, headers, messages }: LimitAnswer): Limit | undefined {
  const text = messages.join("\n");
  if (status === 200) return limitOfQuery(messages);
  if (status === 422) return /submitted too quickly|^abuse$/im.test(text) ? "secondary" : undefined;
  if (status !== 403 && status !== 429) return undefined;
  if (/secondary rate|abuse detection/i.test(text)) return "secondary";
  if (isExhausted(headers)) return "primary";
  return status === 429 || headers.has("retry-after") ? "secondary" : undefined;
}

/**
 * GraphQL answers 200 all the same. Its documentation calls the type `RATE_LIMITED`, its answers `RATE_LIMIT`, and do not
 * always say that nothing remains: https://docs.github.com/en/graphql/overview/rate-limits-and-query-limits-for-the-graphql-api
 */
function limitOfQuery(messages: readonly string[]): Limit | undefined {
  if (messages.some((text) => /secondary rate|abuse detection/i.test(text))) return "secondary";
  return messages.some((text) => /^(RATE_LIMIT(ED)?|graphql_rate_limit)$/.test(text)) ? "primary" : undefined;
}

/**
 * How long an answer asks for silence, in milliseconds: Retry-After first, where it tells of a limit, then the reset of
 * an allowance that is used up, which the last request of it is told, too.
 */
export function pauseAsked(headers: Headers, limit: Limit | undefined, now: number): number | undefined {
  const retryAfter = Number(headers.get("retry-after"));
  if (limit !== undefined && retryAfter > 0) return retryAfter * 1000;
  const reset = Number(headers.get("x-ratelimit-reset"));
  const usedUp = limit === "primary" || isExhausted(headers);
  // One second more, as plugin-throttling does: the reset is in whole seconds, and clocks differ.
  return usedUp && reset > 0 ? Math.max(reset * 1000 - now, 0) + 1000 : undefined;
}

/**
 * Whether the allowance that an answer speaks of is not the one that most requests share: GraphQL has its own, and so
 * has the search of code, with 10 requests a minute. Where it is used up, the others can go on.
 */
export function hasOwnAllowance(headers: Headers): boolean {
  const resource = headers.get("x-ratelimit-resource");
  return resource !== null && resource !== "core";
}

function isExhausted(headers: Headers): boolean {
  return headers.get("x-ratelimit-remaining") === "0";
}
