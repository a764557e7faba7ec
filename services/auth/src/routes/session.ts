import { SessionTokenError } from "@nectr/crypto";
import type { UserRow } from "@nectr/db";
import { Problem } from "@nectr/service";
import type { Request } from "express";
import type { AuthContext } from "../context.ts";
import { findSessionUser } from "../session-store.ts";
import { readCookie, sessionCookie } from "./cookies.ts";

/** Who asks, by a session that is good now. */
export interface SignedIn {
  readonly sessionId: string;
  readonly expiresAt: Date;
  readonly user: UserRow;
}

/** The session of a request; `none` where there is no cookie, `ended` where it is no longer good, or never was. */
export async function findSession(
  context: AuthContext,
  request: Request,
): Promise<SignedIn | "none" | "ended"> {
  const token = readCookie(request, sessionCookie(context.config));
  if (token === undefined) return "none";
  const claims = verify(context, token);
  if (claims === undefined) return "ended";
  const { sessionId, expiresAt } = claims;
  const userId = Number(claims.userId);
  const user = await findSessionUser(context.db, { sessionId, userId, now: context.clock() });
  return user ? { sessionId, expiresAt, user } : "ended";
}

/** The session of a request. @throws Problem 401 where there is none */
export async function requireSession(context: AuthContext, request: Request): Promise<SignedIn> {
  const session = await findSession(context, request);
  if (session === "none") {
    throw new Problem({ status: 401, code: "not_signed_in", detail: "Sign in at /auth/github first." });
  }
  if (session === "ended") {
    const detail = "Session expired - please log out and sign in again.";
    throw new Problem({ status: 401, code: "session_expired", detail });
  }
  return session;
}

function verify({ sessionTokens }: AuthContext, token: string) {
  try {
    return sessionTokens.verify(token);
  } catch (error) {
    if (error instanceof SessionTokenError) return undefined;
    throw error;
  }
}
