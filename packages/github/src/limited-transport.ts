import { setTimeout as delay } from "node:timers/promises";
import { GitHubRateLimited } from "./errors.ts";
import { messagesOf } from "./error-body.ts";
import {
  beginRequest,
  endRequest,
  extendWrite,
  isWorthNoting,
  type RequestEnd,
  type Turn,
  writeTurnMs,
} from "./limit-state.ts";
import type { LimitStore } from "./limit-store.ts";
import type { GitHubLog } from "./log.ts";
import { graphqlRoute, isRead } from "./graphql-route.ts";
import { hasOwnAllowance, type Limit, limitOf, pauseAsked } from "./rate-limits.ts";
import type { AttemptOptions, Transport } from "./transport.ts";

/** A limit that an attempt met. */
export interface MetLimit {
  readonly limit: Limit;
  readonly retryAt: Date;
}

/** What befell the attempts of one request, besides the answers: Octokit would wrap it, or try again. */
export interface Trail {
  /** Why the last attempt was not sent at all. */
  stopped?: Error;
  /** What the last attempt met. */
  met?: MetLimit | undefined;
}

export type LimitedTransport = (
  url: string,
  init: RequestInit,
  options: AttemptOptions & {
    readonly unhurried: boolean;
    /** The last word before it goes out. */
    readonly confirm?: (() => Promise<void>) | undefined;
  },
  trail: Trail,
) => Promise<Response>;

/** What is over sooner is waited for, holding the job's place; what lasts longer parks the job. */
const longestWaitMs = 10_000;
/** A permission that reached us later than that, because the process stood still, is not used any more. */
const staleMs = 2_000;
/** Where the pause that GitHub wants could not be stored. */
const assumedPauseMs = 60_000;

/**
 * Sends an attempt when the user's limits allow it, and notes what its answer says of them.
 * @param o.paced false for a server of one's own: nothing is waited for.
 */
export function createLimitedTransport(o: {
  send: Transport;
  limits: LimitStore;
  paced: boolean;
  log: GitHubLog;
}): LimitedTransport {
  const { send, limits, paced, log } = o;

  async function admit(
    { write, unhurried }: { write: boolean; unhurried: boolean },
    signal: AbortSignal | undefined,
  ): Promise<Turn> {
    const deadline = performance.now() + longestWaitMs;
    for (;;) {
      const askedAt = performance.now();
      const patienceMs = paced ? Math.max(0, deadline - askedAt) : 0;
      const request = { write, unhurried, patienceMs, pausesOnly: !paced };
      const decision = await limits.update((state, now) => {
        const begun = beginRequest(state, now, request);
        return { state: begun.state, result: begun.decision };
      });
      if (decision.kind === "later") {
        const why =
          decision.why === "paused" ? "GitHub asked for a pause" : "The user's requests are used up";
        throw new GitHubRateLimited(`${why} for now`, new Date(Date.now() + decision.ms));
      }
      if (decision.kind === "wait") await delay(decision.ms, undefined, { signal });
      else if (performance.now() - askedAt < staleMs) return decision.turn;
      else await note(decision.turn, { outcome: "failed", pauseMs: undefined });
    }
  }

  /** @returns the pause that is on now, in milliseconds */
  async function note(turn: Turn, end: RequestEnd): Promise<number> {
    if (!isWorthNoting(turn, end)) return 0;
    try {
      return await limits.update((before, now) => {
        const state = endRequest(before, now, turn, end);
        return { state, result: Math.max(0, state.pausedUntil - now) };
      });
    } catch (error) {
      // The answer counts all the same: what it tells of may have been written. A turn runs out by itself.
      log.warn(`what an answer says of GitHub's limits could not be stored: ${String(error)}`);
      return end.pauseMs ?? assumedPauseMs;
    }
  }

  /** So that no slow write is overtaken by another. */
  function keepTurn(turn: Turn): NodeJS.Timeout | undefined {
    if (turn.write === undefined) return undefined;
    const extend = () =>
      limits.update((state, now) => ({ state: extendWrite(state, now, turn), result: undefined }));
    const onError = (error: unknown) => log.warn(`a write's turn could not be extended: ${String(error)}`);
    return setInterval(() => void extend().catch(onError), writeTurnMs / 4);
  }

  async function noteAnswer(turn: Turn, response: Response, route: string): Promise<MetLimit | undefined> {
    const { status, headers } = response;
    const telling = [403, 422, 429].includes(status) || (status === 200 && route === graphqlRoute);
    const messages = telling ? messagesOf(await refusalIn(response.clone())) : [];
    const limit = limitOf({ status, headers, messages });
    const now = Date.now();
    const pauseMs = pauseAsked(headers, limit, now);
    // What has an allowance of its own pauses nothing but itself.
    const shared = limit === "secondary" || !hasOwnAllowance(headers);
    const limited = limit !== undefined && shared;
    const outcome = limited ? "limited" : limit === undefined && status < 400 ? "succeeded" : "failed";
    const paused = await note(turn, { outcome, pauseMs: shared ? pauseMs : undefined });
    return limit && { limit, retryAt: new Date(now + (shared ? paused : (pauseMs ?? assumedPauseMs))) };
  }

  return async (url, init, { unhurried, confirm, ...options }, trail) => {
    trail.met = undefined;
    const keepBack = (error: Error): never => {
      trail.stopped = error;
      // What Octokit passes on at once.
      throw new DOMException("The request was not sent", "AbortError");
    };
    const write = !isRead(options.route);
    const turn = await admit({ write, unhurried }, init.signal ?? undefined).catch(keepBack);
    const heart = keepTurn(turn);
    let response: Response | undefined;
    try {
      await confirm?.().catch(keepBack);
      response = await send(url, init, options);
    } finally {
      clearInterval(heart);
      if (response === undefined) await note(turn, { outcome: "failed", pauseMs: undefined });
    }
    trail.met = await noteAnswer(turn, response, options.route);
    // As all other limits come: whoever reads it need not know of this one.
    return trail.met && response.ok
      ? new Response(response.body, { status: 403, headers: response.headers })
      : response;
  };
}

/** Characters of a refusal at most. An answer to a query can have many more, and need not be parsed twice. */
const longestRefusal = 20_000;

/** The body of an answer that refuses; a query that has any data for an answer was not refused. */
async function refusalIn(response: Response): Promise<unknown> {
  const text = await response.text();
  if (text.length > longestRefusal) return undefined;
  try {
    const body: unknown = JSON.parse(text);
    const hasData = typeof body === "object" && body !== null && "data" in body && body.data != null;
    return hasData ? undefined : body;
  } catch (error) {
    // A page, or an empty body: its status says all there is.
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
