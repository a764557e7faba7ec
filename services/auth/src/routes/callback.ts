import { z } from "zod";
import type { AuthContext } from "../context.ts";
import { completeSignIn } from "../sign-in.ts";
import { SignInError, signInErrorCodes } from "../sign-in-error.ts";
import { type Operation, type Route, route } from "./api/operation.ts";
import { clearing, readCookie, sessionCookie, stateCookie } from "./cookies.ts";
import { limitPerMinute } from "./rate-limit.ts";
import { findSession } from "./session.ts";

const text = z.string().min(1).max(1000).optional();

const finishSignIn = {
  id: "finishSignIn",
  method: "get",
  path: "/auth/github/callback",
  tag: "Sign-in",
  summary: "Where GitHub sends people back to",
  description:
    "Takes a state once, in the browser that began with it, within 10 minutes. Where it fails, a browser is sent to " +
    "`{FRONTEND_URL}/?error={code}`.",
  session: false,
  query: z.object({ code: text, state: text, error: text }),
  answers: { 302: { description: "Signed in: to FRONTEND_URL, with the session's cookie" } },
  limited: true,
  problems: signInErrorCodes,
} satisfies Operation;

export function callbackRoute(context: AuthContext): Route {
  const { config } = context;
  const [session, state] = [sessionCookie(config), stateCookie(config)];
  return route(
    context,
    finishSignIn,
    async ({ query, request, response }) => {
      const previous = await findSession(context, request);
      const { sessionToken, returnTo } = await completeSignIn(context, {
        ...query,
        browserState: readCookie(request, state),
        previousSessionId: previous?.sessionId,
      });
      response
        .clearCookie(state.name, clearing(state))
        .cookie(session.name, sessionToken, session.options)
        .redirect(config.frontendUrl + returnTo);
    },
    limitPerMinute(context.limits.callbacks, () => new SignInError("rate_limited")),
  );
}
