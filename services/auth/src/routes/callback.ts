import { parseRequest } from "@nectr/service";
import { Router } from "express";
import { z } from "zod";
import type { AuthContext } from "../context.ts";
import { completeSignIn } from "../sign-in.ts";
import { SignInError } from "../sign-in-error.ts";
import { clearing, readCookie, sessionCookie, stateCookie } from "./cookies.ts";
import { limitPerMinute } from "./rate-limit.ts";
import { findSession } from "./session.ts";

const text = z.string().min(1).max(1000).optional();
const querySchema = z.object({ code: text, state: text, error: text });

/** `GET /auth/github/callback`: GitHub sends the person back here. */
export function callbackRoute(context: AuthContext): Router {
  const { config } = context;
  const [session, state] = [sessionCookie(config), stateCookie(config)];
  const limit = limitPerMinute(context.limits.callbacks, () => new SignInError("rate_limited"));
  const router = Router();

  router.get("/auth/github/callback", limit, async (request, response) => {
    const query = parseRequest(querySchema, request.query);
    const previous = await findSession(context, request);
    const { sessionToken, returnTo } = await completeSignIn(context, {
      code: query.code,
      state: query.state,
      error: query.error,
      browserState: readCookie(request, state),
      previousSessionId: typeof previous === "object" ? previous.sessionId : undefined,
    });
    response
      .clearCookie(state.name, clearing(state))
      .cookie(session.name, sessionToken, session.options)
      .redirect(config.frontendUrl + returnTo);
  });

  return router;
}
