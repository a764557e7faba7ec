import type { AuthContext } from "../context.ts";
import { revokeSession } from "../session-store.ts";
import { type Operation, type Route, route } from "./api/operation.ts";
import { clearing, sessionCookie } from "./cookies.ts";
import { findSession } from "./session.ts";

const logOut = {
  id: "logOut",
  method: "post",
  path: "/auth/logout",
  tag: "Sign-in",
  summary: "End the session, everywhere",
  description: "Without a session it does nothing, and answers the same.",
  session: false,
  answers: { 204: { description: "There is no session any more" } },
} satisfies Operation;

export function logoutRoute(context: AuthContext): Route {
  const cookie = sessionCookie(context.config);
  return route(context, logOut, async ({ request, response }) => {
    const session = await findSession(context, request);
    if (session) await revokeSession(context.db, session.sessionId, context.clock());
    response.clearCookie(cookie.name, clearing(cookie)).status(204).end();
  });
}
