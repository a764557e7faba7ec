import type { Endpoints } from "@octokit/types";
import { GitHubUnauthorized } from "./errors.ts";
import { graphqlBaseOf, graphqlRoute, isRead } from "./graphql-route.ts";
import { createOwnLimitStore, type LimitStore } from "./limit-store.ts";
import { createLimitedTransport, type Trail } from "./limited-transport.ts";
import { type GitHubLog, silentLog } from "./log.ts";
import { createOctokit } from "./octokit.ts";
import { createScrubber } from "./scrub.ts";
import { translateError } from "./translate-error.ts";
import { type Attempt, createTransport } from "./transport.ts";

export interface GitHubClientOptions {
  /** `https://api.github.com`, `https://HOST/api/v3` of an Enterprise server, or a simulator's. */
  readonly apiUrl: string;
  readonly token: string;
  /** Whose token it is: clients of one user share one throttle in a process. */
  readonly userId: string;
  /** The user's limits, for all processes that send in their name; without it, this client's own. */
  readonly limits?: LimitStore;
  readonly log?: GitHubLog;
  /** Called for every attempt on the wire, retries included. */
  readonly onRequest?: (attempt: Attempt) => void;
  /**
   * `none` drops the spacing of writes, the share of a minute and an hour, and the waits: for a server of one's own.
   * A pause that it asks for is kept all the same.
   */
  readonly pace?: "github" | "none";
}

/** How one call is made, beyond its route and parameters. */
export interface SendOptions {
  readonly signal?: AbortSignal;
  /** Leave aside the signals of `withSignal`: for a call whose answer others wait for too. */
  readonly detached?: boolean;
  /** Media type; GitHub's JSON unless told. */
  readonly accept?: string;
  /** Authorization of this call alone. */
  readonly authorization?: string;
  /** Bytes of answer read at most; 64 MiB unless told. */
  readonly maxBytes?: number;
  /** Bypass the ETag cache. */
  readonly fresh?: boolean;
  /** It can wait: half of what the user may do in a minute and in an hour is left to other work. */
  readonly unhurried?: boolean;
  /** Awaited just before it goes out, after all waits; what it throws keeps it back, and is thrown. */
  readonly confirm?: () => Promise<void>;
  /** What is sent that no error may quote, besides the token: GitHub may repeat it where it refuses. */
  readonly secrets?: readonly string[];
  /** Leave the body undecoded: `data` is then a ReadableStream of bytes. */
  readonly raw?: boolean;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | number | undefined>>;
  readonly data: unknown;
}

/** The parameters of a route that GitHub's schema knows; free for another. */
export type ParametersOf<R extends string> = R extends keyof Endpoints
  ? Endpoints[R]["parameters"]
  : Record<string, unknown>;

/**
 * One user's way to GitHub. Opaque outside this package, whose functions take it as their first argument.
 * `send` throws only named errors, the caller's own reason where the caller's signal was aborted, and whatever the store
 * of limits throws when it can't say whether to send: nothing was sent then.
 */
export interface GitHubClient {
  readonly userId: string;
  readonly send: <R extends string>(
    route: R,
    parameters: ParametersOf<R>,
    options?: SendOptions,
  ) => Promise<Answer>;
  /** Milliseconds to let GitHub come to rest after a doubtful write, before looking what became of it. */
  readonly settleMs: number;
}

/** Dates of GitHub's REST API: https://docs.github.com/en/rest/about-the-rest-api/api-versions */
const apiVersion = "2022-11-28";
const timeoutMs = 30_000;
const defaultMaxBytes = 64 * 1024 * 1024;

/**
 * A client for one user's token. Reads are tried again after a 5xx or a broken connection (after 1, 4 and 9 s; those
 * by GraphQL once); writes never are, because GitHub may have performed them.
 *
 * @throws GitHubUnauthorized where the token cannot be one (empty, or with blanks or line breaks)
 */
export function createGitHubClient(o: GitHubClientOptions): GitHubClient {
  if (!/^[\x21-\x7e]+$/.test(o.token)) {
    throw new GitHubUnauthorized("The GitHub token is empty or has characters that no token has");
  }
  return createClient({ ...o, secrets: [o.token] });
}

/** A client that signs nothing itself: OAuth's application routes bring their own authorization. */
export function createUnsignedClient(
  o: Omit<GitHubClientOptions, "token"> & { secrets: readonly string[] },
): GitHubClient {
  return createClient(o);
}

function createClient(
  o: Omit<GitHubClientOptions, "token"> & { token?: string; secrets: readonly string[] },
): GitHubClient {
  const log = o.log ?? silentLog;
  const paced = o.pace !== "none";
  const transport = createLimitedTransport({
    send: createTransport({ timeoutMs, ...(o.onRequest && { onAttempt: o.onRequest }) }),
    limits: o.limits ?? createOwnLimitStore(),
    paced,
    log,
  });
  const scrub = createScrubber(o.secrets);
  const { apiUrl, userId, token } = o;
  const octokit = createOctokit({ apiUrl, userId, token, log, paced });
  const forQueries = createOctokit({
    apiUrl: graphqlBaseOf(apiUrl),
    userId,
    token,
    log,
    paced,
    queries: true,
  });

  return {
    userId,
    settleMs: paced ? 3000 : 0,
    async send(route, parameters, options = {}) {
      const {
        signal,
        maxBytes = defaultMaxBytes,
        fresh = false,
        unhurried: patient = false,
        confirm,
      } = options;
      const trail: Trail = {};
      try {
        const answer = await (route === graphqlRoute ? forQueries : octokit).request(route, {
          ...parameters,
          headers: {
            "x-github-api-version": apiVersion,
            ...(options.accept !== undefined && { accept: options.accept }),
            ...(options.authorization !== undefined && { authorization: options.authorization }),
          },
          request: {
            log,
            parseSuccessResponseBody: options.raw !== true,
            ...(signal && { signal }),
            ...(!isRead(route) && { retries: 0 }),
            fetch: (url: string, init: RequestInit) =>
              transport(url, init, { route, maxBytes, fresh, unhurried: patient, confirm }, trail),
          },
        });
        return answer;
      } catch (error) {
        if (signal?.aborted) throw signal.reason;
        if (trail.stopped) throw trail.stopped;
        const hidden = options.secrets ? createScrubber([...o.secrets, ...options.secrets]) : scrub;
        throw translateError(error, { route, scrub: hidden, met: trail.met });
      }
    },
  };
}

/** The same client, all of whose calls end when the signal is aborted, with the signal's reason. */
export function withSignal(client: GitHubClient, signal: AbortSignal): GitHubClient {
  return {
    ...client,
    send(route, parameters, options = {}) {
      if (options.detached === true) return client.send(route, parameters, options);
      const both = options.signal === undefined ? signal : AbortSignal.any([signal, options.signal]);
      return client.send(route, parameters, { ...options, signal: both });
    },
  };
}

/** The same client, none of whose writes goes out but after `confirm`: it may have waited long for its turn. */
export function confirmingWrites(client: GitHubClient, confirm: () => Promise<void>): GitHubClient {
  return {
    ...client,
    send: (route, parameters, options) =>
      client.send(route, parameters, isRead(route) ? options : { ...options, confirm }),
  };
}

/** The same client, for work that can wait: all its calls leave half of the user's limits to others. */
export function unhurried(client: GitHubClient): GitHubClient {
  return {
    ...client,
    send: (route, parameters, options) => client.send(route, parameters, { ...options, unhurried: true }),
  };
}
