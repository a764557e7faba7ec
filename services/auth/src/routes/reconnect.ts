import { endGrant } from "@nectr/accounts";
import { GitHubError } from "@nectr/github";
import type { Request, RequestHandler, Response } from "express";
import { z } from "zod";
import type { AuthContext } from "../context.ts";
import { refusal } from "../problems.ts";
import { beginSignIn, requireOAuthApp } from "../sign-in.ts";
import { SignInError } from "../sign-in-error.ts";
import { type Operation, type Route, route } from "./api/operation.ts";
import { confirmationFor, isConfirmation } from "./confirmation.ts";
import { confirmationPage } from "./confirmation-page.ts";
import { stateCookie } from "./cookies.ts";
import { allowedOrigins } from "./cross-origin.ts";
import { limitPerMinute } from "./rate-limit.ts";
import { findSession, type SignedIn } from "./session.ts";

const shared = {
  path: "/auth/github/reconnect",
  tag: "Sign-in",
  limited: true,
} as const;

const reconnect = {
  ...shared,
  id: "reconnect",
  method: "get",
  summary: "Give the grant back at GitHub, and authorize afresh",
  description:
    "Brings back GitHub's question for consent and for access to organizations. For a browser. It changes something, " +
    "so another site's link gets a page that asks first.",
  session: false,
  answers: {
    200: { description: "A page that asks: another site has led here" },
    302: { description: "To the sign-in: nobody is signed in" },
    303: { description: "To GitHub's page" },
  },
  problems: ["github_unavailable", "oauth_not_configured", "link_needed"],
} satisfies Operation;

const confirmReconnect = {
  ...shared,
  id: "confirmReconnect",
  method: "post",
  summary: "The same, confirmed on that page",
  session: true,
  body: z.object({
    confirmation: z.string().default("").meta({ description: "Out of the page; good for an hour" }),
  }),
  form: true,
  answers: { 303: { description: "To GitHub's page" } },
  problems: ["confirmation_needed", "github_unavailable", "oauth_not_configured"],
} satisfies Operation;

/** Both ways to reconnect. The form is guarded by a text that only this session's page knows, not by a header. */
export function reconnectRoutes(context: AuthContext): Route[] {
  const { config, fernet } = context;
  const cookie = stateCookie(config);
  const limit = limitPerMinute(context.limits.signIns, () => new SignInError("rate_limited"));

  /** A form tells its origin, and nothing else that a foreign one could not. */
  const fromOwnPage: RequestHandler = (request, _response, next) => {
    const origin = request.get("origin");
    next(origin === new URL(config.backendUrl).origin ? undefined : confirmationNeeded());
  };

  async function beginAnew({ user }: SignedIn, response: Response): Promise<void> {
    // Before the grant is given back, so that nobody is left without one and without a way to get it.
    requireOAuthApp(context);
    try {
      await endGrant(context.accounts, user.id);
    } catch (cause) {
      if (!(cause instanceof GitHubError)) throw cause;
      throw new SignInError("github_unavailable", { cause });
    }
    context.visible.forget(user.id);
    const { location, state } = await beginSignIn(context, { loginHint: user.login });
    response.cookie(cookie.name, state, cookie.options).redirect(303, location);
  }

  return [
    route(
      context,
      reconnect,
      async ({ request, response }) => {
        const session = await findSession(context, request);
        if (!session) return response.redirect("/auth/github");
        if (isFromOurPages(context, request)) return beginAnew(session, response);
        response.type("html").send(confirmationPage(confirmationFor(fernet, session)));
      },
      limit,
    ),
    route(
      context,
      confirmReconnect,
      async ({ session, body, response }) => {
        if (!isConfirmation(fernet, session, body.confirmation)) throw confirmationNeeded();
        await beginAnew(session, response);
      },
      limit,
      fromOwnPage,
    ),
  ];
}

function confirmationNeeded() {
  return refusal("confirmation_needed", "Open /auth/github/reconnect and confirm there.");
}

/**
 * Whether one of our pages, or the person by hand, led here. Browsers say so on https and on their own machine
 * (https://www.w3.org/TR/fetch-metadata/); elsewhere a Referer does. Where nothing says so, or nobody may be looking
 * at the answer, the page asks.
 */
function isFromOurPages({ config }: AuthContext, request: Request): boolean {
  if (request.method !== "GET" || request.get("sec-purpose") !== undefined) return false;
  const referer = request.get("referer");
  if (referer !== undefined) {
    return URL.canParse(referer) && allowedOrigins(config).has(new URL(referer).origin);
  }
  const site = request.get("sec-fetch-site");
  return site === "same-origin" || site === "none";
}
