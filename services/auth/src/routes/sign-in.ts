import { z } from "zod";
import type { AuthContext } from "../context.ts";
import { returnPath } from "../return-path.ts";
import { beginSignIn } from "../sign-in.ts";
import { SignInError } from "../sign-in-error.ts";
import { type Operation, type Route, route } from "./api/operation.ts";
import { stateCookie } from "./cookies.ts";
import { limitPerMinute } from "./rate-limit.ts";

const signIn = {
  id: "signIn",
  method: "get",
  path: "/auth/github",
  tag: "Sign-in",
  summary: "Go to GitHub, to authorize",
  description: "For a browser. Where it fails, a browser is sent to `{FRONTEND_URL}/?error={code}`.",
  session: false,
  query: z.object({
    return_to: returnPath.optional().meta({ description: "Path on FRONTEND_URL to end at" }),
  }),
  answers: { 302: { description: "To GitHub's page" } },
  limited: true,
  problems: ["oauth_not_configured", "link_needed"],
} satisfies Operation;

export function signInRoute(context: AuthContext): Route {
  const cookie = stateCookie(context.config);
  return route(
    context,
    signIn,
    async ({ query, response }) => {
      const { location, state } = await beginSignIn(context, { returnTo: query.return_to });
      response.cookie(cookie.name, state, cookie.options).redirect(location);
    },
    limitPerMinute(context.limits.signIns, () => new SignInError("rate_limited")),
  );
}
