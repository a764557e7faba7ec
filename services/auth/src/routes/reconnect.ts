import { endGrant } from "@nectr/accounts";
import { FernetError, openFor, sealFor } from "@nectr/crypto";
import { GitHubError } from "@nectr/github";
import { Problem } from "@nectr/service";
import express, { type Request, type Response, Router } from "express";
import { z } from "zod";
import type { AuthContext } from "../context.ts";
import { isLoopback } from "../loopback.ts";
import { beginSignIn } from "../sign-in.ts";
import { SignInError } from "../sign-in-error.ts";
import { confirmationPage } from "./confirmation-page.ts";
import { stateCookie } from "./cookies.ts";
import { allowedOrigins } from "./cross-origin.ts";
import { limitPerMinute } from "./rate-limit.ts";
import { findSession, requireSession, type SignedIn } from "./session.ts";

const formSchema = z.object({ confirmation: z.string() });

/**
 * `GET /auth/github/reconnect`: gives the grant back at GitHub and authorizes afresh, with consent and access to
 * organizations. This GET changes something, so another site's link gets a page that asks first; the page's form is
 * posted here with a text that only this session's page knows.
 */
export function reconnectRoutes(context: AuthContext): Router {
  const { config, fernet } = context;
  const cookie = stateCookie(config);
  const limit = limitPerMinute(context.limits.signIns, () => new SignInError("rate_limited"));
  const router = Router();

  async function reconnect(session: SignedIn, response: Response): Promise<void> {
    try {
      await endGrant(context.accounts, session.user.id);
    } catch (cause) {
      if (!(cause instanceof GitHubError)) throw cause;
      throw new SignInError("github_unavailable", { cause });
    }
    context.visible.forget(session.user.id);
    const { location, state } = await beginSignIn(context, { loginHint: session.user.login });
    response.cookie(cookie.name, state, cookie.options).redirect(303, location);
  }

  router.get("/auth/github/reconnect", limit, async (request, response) => {
    const session = await findSession(context, request);
    if (typeof session !== "object") return response.redirect("/auth/github");
    if (isFromOurPages(context, request)) return reconnect(session, response);
    const confirmation = sealFor(fernet, confirmationOwner(session), "reconnect");
    response.type("html").send(confirmationPage(confirmation));
  });

  const form = express.urlencoded({ extended: false, limit: "4kb" });
  router.post("/auth/github/reconnect", limit, form, async (request, response) => {
    const session = await requireSession(context, request);
    const sent = formSchema.safeParse(request.body);
    const origin = request.get("origin");
    const confirmed = sent.success && isConfirmation(context, session, sent.data.confirmation);
    if (origin !== new URL(config.backendUrl).origin || !confirmed) {
      const detail = "Open /auth/github/reconnect and confirm there.";
      throw new Problem({ status: 403, code: "confirmation_needed", detail });
    }
    await reconnect(session, response);
  });

  return router;
}

/**
 * Whether one of our pages, or the person by hand, led here. Browsers say so on https and on their own machine
 * (https://www.w3.org/TR/fetch-metadata/): what says nothing there is no browser. Elsewhere only a Referer counts.
 */
function isFromOurPages({ config }: AuthContext, request: Request): boolean {
  const referer = request.get("referer");
  if (referer !== undefined) {
    return URL.canParse(referer) && allowedOrigins(config).has(new URL(referer).origin);
  }
  const site = request.get("sec-fetch-site");
  if (site !== undefined) return site === "same-origin" || site === "none";
  const { protocol, hostname } = new URL(config.backendUrl);
  return protocol === "https:" || isLoopback(hostname);
}

function isConfirmation({ fernet }: AuthContext, session: SignedIn, confirmation: string): boolean {
  try {
    return openFor(fernet, confirmationOwner(session), confirmation) === "reconnect";
  } catch (error) {
    if (error instanceof FernetError) return false;
    throw error;
  }
}

function confirmationOwner({ sessionId }: SignedIn): string {
  return `confirmation:${sessionId}`;
}
