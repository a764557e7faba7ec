import { z } from "zod";
import {
  GitHubError,
  type GitHubErrorDetails,
  GitHubRateLimited,
  GitHubUnavailable,
  GitHubUnexpected,
} from "./errors.ts";
import { createScrubber, scrubError } from "./scrub.ts";

/** GitHub refused an exchange or a refresh. */
export class OAuthError extends GitHubError {
  /** GitHub's word, such as `bad_verification_code`, `incorrect_client_credentials`, `redirect_uri_mismatch`, `bad_refresh_token`. */
  readonly code: string;

  constructor(code: string, message: string, details?: GitHubErrorDetails) {
    super("oauth", message, details);
    this.code = code;
  }
}

/** A user's token, and the refresh token where the app's tokens expire (after 8 hours). */
export interface OAuthToken {
  readonly accessToken: string;
  /** What the user granted, which may be less than was asked for. */
  readonly scopes: string[];
  readonly expiresAt?: Date;
  readonly refreshToken?: string;
}

/** The OAuth app that the user signs in with. */
export interface OAuthApp {
  readonly clientId: string;
  readonly clientSecret: string;
}

const timeoutMs = 10_000;

const tokenSchema = z.object({
  access_token: z.string().min(1),
  scope: z.string().default(""),
  expires_in: z.coerce.number().positive().optional(),
  refresh_token: z.string().min(1).optional(),
});

const refusalSchema = z.object({ error: z.string(), error_description: z.string().optional() });

/** The page where the user grants access; GitHub sends them back to `redirectUri` with `code` and `state`. */
export function authorizeUrl(o: {
  githubUrl: string;
  clientId: string;
  redirectUri: string;
  state: string;
  /** PKCE: base64url of the verifier's SHA-256. */
  codeChallenge: string;
  scopes: readonly string[];
  /** Login or address of the account to suggest. */
  loginHint?: string;
}): string {
  const url = loginUrl(o.githubUrl, "authorize");
  url.search = new URLSearchParams({
    client_id: o.clientId,
    redirect_uri: o.redirectUri,
    scope: o.scopes.join(" "),
    state: o.state,
    code_challenge: o.codeChallenge,
    code_challenge_method: "S256",
    ...(o.loginHint !== undefined && { login: o.loginHint }),
  }).toString();
  return url.href;
}

/** Exchanges the code of a callback (good for 10 minutes, once). Not tried again by itself. */
export async function exchangeCode(
  o: OAuthApp & { githubUrl: string; code: string; redirectUri: string; codeVerifier: string },
): Promise<OAuthToken> {
  const parameters = { code: o.code, redirect_uri: o.redirectUri, code_verifier: o.codeVerifier };
  return requestToken(o, parameters, [o.code, o.codeVerifier]);
}

/** Exchanges a refresh token for a new pair. The old pair is dead then: save the new one before using it. */
export async function refreshToken(
  o: OAuthApp & { githubUrl: string; refreshToken: string },
): Promise<OAuthToken> {
  const parameters = { grant_type: "refresh_token", refresh_token: o.refreshToken };
  return requestToken(o, parameters, [o.refreshToken]);
}

/** @param secrets the values among `parameters` that no error may quote */
async function requestToken(
  { githubUrl, clientId, clientSecret }: OAuthApp & { githubUrl: string },
  parameters: Readonly<Record<string, string>>,
  secrets: readonly string[],
): Promise<OAuthToken> {
  const scrub = createScrubber([clientSecret, ...secrets]);
  const url = loginUrl(githubUrl, "access_token");
  let response: Response;
  let text: string;
  try {
    response = await fetch(url, {
      method: "POST",
      headers: { accept: "application/json", "user-agent": "nectr" },
      body: new URLSearchParams({ client_id: clientId, client_secret: clientSecret, ...parameters }),
      signal: AbortSignal.timeout(timeoutMs),
      redirect: "error",
    });
    text = await response.text();
  } catch (error) {
    const cause = scrubError(error, scrub);
    throw new GitHubUnavailable(`${url.href}: no answer from GitHub (${cause.message})`, { cause });
  }
  return readToken(response, text, scrub);
}

/** GitHub's refusals come with status 200 and an `error`. */
function readToken(response: Response, text: string, scrub: (text: string) => string): OAuthToken {
  const { status } = response;
  const details = { status, requestId: response.headers.get("x-github-request-id") ?? undefined };
  const answer = parseJson(text);
  const refusal = refusalSchema.safeParse(answer);
  if (refusal.success) {
    const { error, error_description } = refusal.data;
    throw new OAuthError(scrub(error), scrub(error_description ?? error), details);
  }
  if (status === 429) {
    const seconds = Number(response.headers.get("retry-after")) || 60;
    const retryAt = new Date(Date.now() + seconds * 1000);
    throw new GitHubRateLimited("GitHub asked for a pause in signing in", retryAt, details);
  }
  if (status >= 500) throw new GitHubUnavailable(`GitHub's token exchange answered ${status}`, details);
  if (status === 404)
    throw new OAuthError("incorrect_client_credentials", "GitHub knows no such OAuth app", details);
  const token = tokenSchema.safeParse(answer);
  if (!token.success)
    throw new GitHubUnexpected(`GitHub's token exchange answered ${status} without a token`, details);
  return toOAuthToken(token.data);
}

function toOAuthToken(token: z.output<typeof tokenSchema>): OAuthToken {
  const inSeconds = (seconds: number) => new Date(Date.now() + seconds * 1000);
  return {
    accessToken: token.access_token,
    // Asked for with spaces, answered with commas.
    scopes: token.scope.split(/[,\s]+/).filter(Boolean),
    ...(token.expires_in !== undefined && { expiresAt: inSeconds(token.expires_in) }),
    ...(token.refresh_token !== undefined && { refreshToken: token.refresh_token }),
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function loginUrl(githubUrl: string, page: "authorize" | "access_token"): URL {
  return new URL(`${githubUrl.replace(/\/+$/, "")}/login/oauth/${page}`);
}
