import { z } from "zod";
import type { AuthContext } from "../context.ts";
import { signInByLink } from "../personal-sign-in.ts";
import { tooMany } from "../problems.ts";
import { type Operation, type Route, route } from "./api/operation.ts";
import { sessionCookie } from "./cookies.ts";
import { limitPerMinute } from "./rate-limit.ts";
import { findSession } from "./session.ts";

const link = {
  id: "signInByLink",
  method: "post",
  path: "/auth/link",
  tag: "Sign-in",
  summary: "Sign in by a one-time link",
  description:
    "Only where one person is served by GITHUB_PAT. The link that `npm start` prints carries the token " +
    "in its fragment, so that it is in no log; the page sends it here.",
  session: false,
  body: z.object({ token: z.string().min(1).max(200) }),
  answers: { 204: { description: "Signed in, with the session's cookie" } },
  limited: true,
  problems: ["link_invalid", "token_refused", "github_unavailable"],
} satisfies Operation;

export function linkRoute(context: AuthContext): Route {
  const cookie = sessionCookie(context.config);
  return route(
    context,
    link,
    async ({ body, request, response }) => {
      const previous = await findSession(context, request);
      const sessionToken = await signInByLink(context, {
        linkToken: body.token,
        previousSessionId: previous?.sessionId,
      });
      response.cookie(cookie.name, sessionToken, cookie.options).status(204).end();
    },
    limitPerMinute(context.limits.signIns, () => tooMany("sign-ins")),
  );
}
