import { storedToken } from "@nectr/accounts";
import { SessionTokenError } from "@nectr/crypto";
import type { UserRow } from "@nectr/db";
import type { Request } from "express";
import type { AuthContext } from "../context.ts";
import { refusal } from "../problems.ts";
import { findSessionUser } from "../session-store.ts";
import { callbackUrl } from "../sign-in.ts";
import { explainSignInError } from "../sign-in-error.ts";
import { readCookie, sessionCookie } from "./cookies.ts";

/** Who asks, by a session that is good now. */
export interface SignedIn {
  readonly sessionId: string;
  readonly expiresAt: Date;
  readonly user: UserRow;
}

/** The session of a request; undefined where there is none, or none that is good any more. */
export async function findSession(context: AuthContext, request: Request): Promise<SignedIn | undefined> {
  const token = readCookie(request, sessionCookie(context.config));
  const claims = token === undefined ? undefined : verify(context, token);
  if (claims === undefined) return undefined;
  const { sessionId, expiresAt } = claims;
  const userId = Number(claims.userId);
  const user = await findSessionUser(context.db, { sessionId, userId, now: context.clock() });
  return user && isServed(context, user) ? { sessionId, expiresAt, user } : undefined;
}

/** The session of a request. @throws Problem link_needed, not_signed_in, session_expired */
export async function requireSession(context: AuthContext, request: Request): Promise<SignedIn> {
  const session = await findSession(context, request);
  if (session) return session;
  const { config } = context;
  if (config.personalToken !== undefined) {
    throw refusal("link_needed", explainSignInError("link_needed", callbackUrl(context)));
  }
  if (readCookie(request, sessionCookie(config)) === undefined) {
    throw refusal("not_signed_in", "Sign in at /auth/github first.");
  }
  throw refusal("session_expired", "Session expired - please log out and sign in again.");
}

/** Where one person is served, nobody else is: not even who was before, by another token. */
function isServed({ config, fernet }: AuthContext, user: UserRow): boolean {
  return config.personalToken === undefined || storedToken(fernet, user) === config.personalToken;
}

function verify({ sessionTokens }: AuthContext, token: string) {
  try {
    return sessionTokens.verify(token);
  } catch (error) {
    if (error instanceof SessionTokenError) return undefined;
    throw error;
  }
}
