import { z } from "zod";
import { messagesOf } from "./error-body.ts";
import {
  GitHubError,
  GitHubForbidden,
  GitHubInvalid,
  GitHubNotFound,
  GitHubRateLimited,
  GitHubUnauthorized,
  GitHubUnavailable,
} from "./errors.ts";
import type { MetLimit } from "./limited-transport.ts";
import { scrubError } from "./scrub.ts";

/** What a failed request was, for messages: never its parameters. */
export interface FailedRequest {
  /** Method and template, as `GET /repos/{owner}/{repo}`. */
  readonly route: string;
  readonly scrub: (text: string) => string;
  /** The limit that it met, if it did. */
  readonly met: MetLimit | undefined;
}

/** The part of @octokit/request-error that is read here; without `response`, no answer came. */
const requestError = z.object({
  status: z.number(),
  response: z
    .object({
      status: z.number(),
      headers: z.record(z.string(), z.union([z.string(), z.number()]).optional()),
      data: z.unknown(),
    })
    .optional(),
});

/** Turns whatever a request threw into one of the named errors. */
export function translateError(thrown: unknown, { route, scrub, met }: FailedRequest): GitHubError {
  if (thrown instanceof GitHubError) return thrown;
  const cause = scrubError(thrown, scrub);
  const parsed = requestError.safeParse(thrown);
  const response = parsed.data?.response;
  if (response === undefined) {
    return new GitHubUnavailable(`${route}: no answer from GitHub (${cause.message})`, { cause });
  }
  const { status, headers } = response;
  const texts = messagesOf(response.data).map(scrub);
  const messages = texts.length > 0 ? texts : [`status ${status}`];
  const requestId = headers["x-github-request-id"];
  const details = { status, cause, requestId: requestId === undefined ? undefined : String(requestId) };
  const message = `${route}: ${messages.join("; ")}`;

  if (met) return new GitHubRateLimited(`${message} (${met.limit} limit)`, met.retryAt, details);
  if (status === 401) return new GitHubUnauthorized(message, details);
  // Of a file's content GitHub says 403 for "too large", whatever the rights.
  if (status === 403 && !texts.includes("too_large")) return new GitHubForbidden(message, details);
  if (status === 404 || status === 410 || status === 451) return new GitHubNotFound(message, details);
  if (status >= 500) return new GitHubUnavailable(message, details);
  return new GitHubInvalid(message, { ...details, messages });
}
