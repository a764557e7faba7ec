import { openFor, randomToken, sealFor, sha256 } from "@nectr/crypto";
import { authorizeUrl, exchangeCode, GitHubError, type OAuthApp, OAuthError } from "@nectr/github";
import { timingSafeEqual } from "node:crypto";
import type { AuthContext } from "./context.ts";
import { consumeOAuthState, type OAuthState, saveOAuthState } from "./oauth-state-store.ts";
import { openSession, saveOwner } from "./open-session.ts";
import { fromGitHubCode, SignInError } from "./sign-in-error.ts";

/** As long as GitHub's code lives. */
export const stateMinutes = 10;

const scopes = ["repo", "read:user", "user:email", "read:org"];
const verifierOwner = "oauth-state";

/** Where GitHub sends people back to. */
export function callbackUrl({ config }: Pick<AuthContext, "config">): string {
  return `${config.backendUrl}/auth/github/callback`;
}

/**
 * Begins an authorization (code flow with PKCE).
 *
 * @param request.returnTo path on FRONTEND_URL to end at
 * @param request.loginHint account that GitHub's page suggests
 * @returns the page of GitHub's to go to, and the state that the browser has to bring back as a cookie
 * @throws SignInError oauth_not_configured, link_needed
 */
export async function beginSignIn(
  context: AuthContext,
  { returnTo, loginHint }: { returnTo?: string | undefined; loginHint?: string | undefined },
): Promise<{ location: string; state: string }> {
  const { clientId } = requireOAuthApp(context);
  const state = randomToken(32);
  const codeVerifier = randomToken(32);
  const row: OAuthState = {
    stateHash: sha256(state),
    encryptedCodeVerifier: sealFor(context.fernet, verifierOwner, codeVerifier),
    returnTo,
    expiresAt: new Date(context.clock().getTime() + stateMinutes * 60_000),
  };
  await saveOAuthState(context.db, row);
  const location = authorizeUrl({
    githubUrl: context.config.github.githubUrl,
    clientId,
    redirectUri: callbackUrl(context),
    state,
    codeChallenge: sha256(codeVerifier).toString("base64url"),
    scopes,
    ...(loginHint !== undefined && { loginHint }),
  });
  return { location, state };
}

/** What GitHub's redirect and the browser brought to the callback. */
export interface Callback {
  readonly code?: string | undefined;
  readonly state?: string | undefined;
  /** GitHub's word for a refusal. */
  readonly error?: string | undefined;
  /** The cookie that was set when this browser began. */
  readonly browserState: string | undefined;
  /** The session that the new one takes the place of. */
  readonly previousSessionId: string | undefined;
}

/**
 * Finishes an authorization: a state works once, and only in the browser that began it.
 *
 * @returns the session's token for the cookie, and where to go
 * @throws SignInError with the reason for the person to see
 */
export async function completeSignIn(
  context: AuthContext,
  callback: Callback,
): Promise<{ sessionToken: string; returnTo: string }> {
  const { returnTo, encryptedCodeVerifier } = await consumeState(context, callback);
  const { code, error, previousSessionId } = callback;
  if (error !== undefined) throw new SignInError(fromGitHubCode(error));
  if (code === undefined) throw new SignInError("sign_in_failed");

  const codeVerifier = openFor(context.fernet, verifierOwner, encryptedCodeVerifier);
  const user = await fromGitHub(async () => {
    const token = await exchangeCode({
      ...requireOAuthApp(context),
      githubUrl: context.config.github.githubUrl,
      code,
      redirectUri: callbackUrl(context),
      codeVerifier,
    });
    return saveOwner(context, token);
  });
  return { sessionToken: await openSession(context, user, previousSessionId), returnTo: returnTo ?? "/" };
}

async function consumeState(
  context: AuthContext,
  { state, browserState, error }: Callback,
): Promise<OAuthState> {
  // Where the callback address is wrong, GitHub says so without the state.
  if (state === undefined && error === "redirect_uri_mismatch") throw new SignInError(error);
  if (state === undefined || browserState === undefined || !isEqual(state, browserState)) {
    throw new SignInError("invalid_state");
  }
  const known = await consumeOAuthState(context.db, sha256(state), context.clock());
  if (!known) throw new SignInError("invalid_state");
  return known;
}

/** GitHub's errors in a sign-in's terms; one of our own stays what it is. */
async function fromGitHub<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof OAuthError) throw new SignInError(fromGitHubCode(cause.code), { cause });
    if (!(cause instanceof GitHubError)) throw cause;
    const passing = cause.kind === "unavailable" || cause.kind === "rate-limited";
    throw new SignInError(passing ? "github_unavailable" : "sign_in_failed", { cause });
  }
}

/** The OAuth app. @throws SignInError oauth_not_configured; link_needed where one person signs in by a link */
export function requireOAuthApp({ config }: AuthContext): OAuthApp {
  const { clientId, clientSecret } = config.github;
  if (config.personalToken !== undefined) throw new SignInError("link_needed");
  if (clientId === undefined || clientSecret === undefined) throw new SignInError("oauth_not_configured");
  return { clientId, clientSecret };
}

/** Compared as digests: equal lengths, in constant time. */
function isEqual(a: string, b: string): boolean {
  return timingSafeEqual(sha256(a), sha256(b));
}
