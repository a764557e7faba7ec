import { Router } from "express";
import type { AuthContext } from "../context.ts";
import { revokeSession } from "../session-store.ts";
import { clearing, sessionCookie } from "./cookies.ts";
import { findSession } from "./session.ts";

/** `POST /auth/logout`: ends the session everywhere. Without one it does nothing, and answers the same. */
export function logoutRoute(context: AuthContext): Router {
  const cookie = sessionCookie(context.config);
  const router = Router();

  router.post("/auth/logout", async (request, response) => {
    const session = await findSession(context, request);
    if (typeof session === "object") await revokeSession(context.db, session.sessionId, context.clock());
    response.clearCookie(cookie.name, clearing(cookie)).status(204).end();
  });

  return router;
}
