import { tokenStateOf } from "@nectr/accounts";
import { Router } from "express";
import type { AuthContext } from "../context.ts";
import { requireSession } from "./session.ts";

/** `GET /auth/me`: who is signed in, at which GitHub, and whether it takes their token. */
export function meRoute(context: AuthContext): Router {
  const router = Router();

  router.get("/auth/me", async (request, response) => {
    const { user, expiresAt } = await requireSession(context, request);
    response.json({
      user: {
        id: user.id,
        github_id: user.github_id,
        login: user.login,
        name: user.name,
        email: user.email,
        avatar_url: user.avatar_url,
      },
      github_url: context.config.github.githubUrl,
      token_state: tokenStateOf(context.accounts, user),
      session_expires_at: expiresAt,
    });
  });

  return router;
}
