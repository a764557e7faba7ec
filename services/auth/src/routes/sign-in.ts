import { parseRequest } from "@nectr/service";
import { Router } from "express";
import { z } from "zod";
import type { AuthContext } from "../context.ts";
import { returnPath } from "../return-path.ts";
import { beginSignIn } from "../sign-in.ts";
import { SignInError } from "../sign-in-error.ts";
import { stateCookie } from "./cookies.ts";
import { limitPerMinute } from "./rate-limit.ts";

const querySchema = z.object({ return_to: returnPath.optional() });

/** `GET /auth/github`: to GitHub, to authorize. */
export function signInRoute(context: AuthContext): Router {
  const cookie = stateCookie(context.config);
  const limit = limitPerMinute(context.limits.signIns, () => new SignInError("rate_limited"));
  const router = Router();

  router.get("/auth/github", limit, async (request, response) => {
    const { return_to: returnTo } = parseRequest(querySchema, request.query);
    const { location, state } = await beginSignIn(context, { returnTo });
    response.cookie(cookie.name, state, cookie.options).redirect(location);
  });

  return router;
}
