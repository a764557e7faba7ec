/** What an answer says, as far as limits are concerned. */
export interface LimitAnswer {
  readonly status: number;
  readonly headers: Headers;
  /** GitHub's message and the texts and codes of its `errors`. */
  readonly messages: readonly string[];
}

/**
 * Which limit an answer tells of, if any. Secondary limits come as 403, 429 and, for content that is written too fast,
 * as 422 "was submitted too quickly" or with the code `abuse`:
 * https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api
 */
export function limitOf({ status, headers, messages }: LimitAnswer): "primary" | "secondary" | undefined {
  const text = messages.join("\n");
  if (status === 422) return /submitted too quickly|^abuse$/im.test(text) ? "secondary" : undefined;
  if (status !== 403 && status !== 429) return undefined;
  if (/secondary rate|abuse detection/i.test(text)) return "secondary";
  if (isExhausted(headers)) return "primary";
  return status === 429 || headers.has("retry-after") ? "secondary" : undefined;
}

/**
 * How long an answer asks for silence, in milliseconds: Retry-After first, where it tells of a limit, then the reset of
 * an allowance that is used up, which the last request of it is told, too.
 */
export function pauseAsked(headers: Headers, limited: boolean, now: number): number | undefined {
  const retryAfter = Number(headers.get("retry-after"));
  if (limited && retryAfter > 0) return retryAfter * 1000;
  const reset = Number(headers.get("x-ratelimit-reset"));
  // One second more, as plugin-throttling does: the reset is in whole seconds, and clocks differ.
  return isExhausted(headers) && reset > 0 ? Math.max(reset * 1000 - now, 0) + 1000 : undefined;
}

function isExhausted(headers: Headers): boolean {
  return headers.get("x-ratelimit-remaining") === "0";
}
