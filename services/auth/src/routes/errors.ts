import { ReconnectNeeded } from "@nectr/accounts";
import {
  GitHubError,
  GitHubForbidden,
  GitHubInvalid,
  GitHubNotFound,
  GitHubRateLimited,
  WebhookAccessDenied,
  WebhookLimitReached,
  WebhookUrlRefused,
} from "@nectr/github";
import { Problem } from "@nectr/service";
import type { ErrorRequestHandler } from "express";
import type { AuthContext } from "../context.ts";
import { repositoryNotFound, webhookUrlUnreachable } from "../problems.ts";
import { callbackUrl } from "../sign-in.ts";
import { explainSignInError, SignInError } from "../sign-in-error.ts";

/** A failed sign-in goes back to the frontend with a short word, or is a problem document for a program. */
export function showSignInErrors(context: AuthContext): ErrorRequestHandler {
  const { config, logger } = context;
  return (error, request, response, next) => {
    if (!(error instanceof SignInError)) return next(error);
    logger.warn({ err: error, code: error.code }, "sign-in failed");
    if (request.accepts(["html", "json", "application/problem+json"]) === "html") {
      return response.redirect(`${config.frontendUrl}/?error=${error.code}`);
    }
    const { status, detail } = explainSignInError(error.code, callbackUrl(context));
    next(new Problem({ status, code: error.code, detail, cause: error }));
  };
}

/** Says in a caller's terms what GitHub refused. */
export function explainErrors(): ErrorRequestHandler {
  return (error, _request, _response, next) => {
    if (error instanceof ReconnectNeeded) {
      const detail =
        "GitHub no longer accepts your token. Reconnect at /auth/github/reconnect; no review is lost.";
      return next(new Problem({ status: 401, code: "reconnect_needed", detail, cause: error }));
    }
    next(error instanceof GitHubError ? explainGitHubError(error) : error);
  };
}

function explainGitHubError(error: GitHubError): Problem {
  const problem = (status: number, code: string, detail: string, headers: Record<string, string> = {}) =>
    new Problem({ status, code, detail, headers, cause: error });

  if (error instanceof GitHubRateLimited) {
    const seconds = Math.max(1, Math.ceil((error.retryAt.getTime() - Date.now()) / 1000));
    const detail = `GitHub's limit for your account is reached. Try again in ${seconds} seconds.`;
    return problem(503, "github_rate_limited", detail, { "retry-after": String(seconds) });
  }
  if (isOrganizationRefusal(error)) {
    const detail =
      "The organization has not approved Nectr. Ask an owner to approve it, then reconnect at /auth/github/reconnect.";
    return problem(403, "organization_access_needed", detail);
  }
  if (error instanceof WebhookAccessDenied) {
    return problem(
      403,
      "admin_needed",
      "GitHub lets you not manage this repository's webhooks: ask an admin of it.",
    );
  }
  if (error instanceof WebhookLimitReached) return problem(422, "too_many_webhooks", error.message);
  if (error instanceof WebhookUrlRefused) return webhookUrlUnreachable(error.host, error);
  if (error instanceof GitHubForbidden)
    return problem(403, "github_forbidden", "GitHub does not let you do this.");
  if (error instanceof GitHubNotFound) return repositoryNotFound(error);
  if (error instanceof GitHubInvalid) {
    return problem(422, "github_refused", `GitHub refused: ${error.messages.join("; ")}`);
  }
  return problem(502, "github_unavailable", "GitHub does not answer. Try again in a few minutes.");
}

/** https://docs.github.com/en/organizations/managing-oauth-access-to-your-organizations-data, and SAML enforcement. */
function isOrganizationRefusal(error: GitHubError): boolean {
  const texts = [error.message, error.cause instanceof Error ? error.cause.message : ""];
  return (
    error instanceof GitHubForbidden && texts.some((text) => /OAuth App access restrictions|SAML/i.test(text))
  );
}
