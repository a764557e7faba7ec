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
import type { Problem } from "@nectr/service";
import type { ErrorRequestHandler } from "express";
import type { AuthConfig } from "../config.ts";
import type { AuthContext } from "../context.ts";
import { refusal, repositoryNotFound, webhookUrlUnreachable } from "../problems.ts";
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
    const detail = explainSignInError(error.code, callbackUrl(context));
    next(refusal(error.code, detail, { cause: error }));
  };
}

/** Says in a caller's terms what GitHub refused. */
export function explainErrors({ personalToken }: Pick<AuthConfig, "personalToken">): ErrorRequestHandler {
  const reconnect =
    personalToken === undefined
      ? "GitHub no longer accepts your token. Reconnect at /auth/github/reconnect; no review is lost."
      : "GitHub no longer accepts the token. Set GITHUB_PAT to a new one, or sign in to gh again, then start again; no review is lost.";
  return (error, _request, _response, next) => {
    if (error instanceof ReconnectNeeded) {
      return next(refusal("reconnect_needed", reconnect, { cause: error }));
    }
    next(error instanceof GitHubError ? explainGitHubError(error) : error);
  };
}

function explainGitHubError(cause: GitHubError): Problem {
  if (cause instanceof GitHubRateLimited) {
    const seconds = Math.max(1, Math.ceil((cause.retryAt.getTime() - Date.now()) / 1000));
    const detail = `GitHub's limit for your account is reached. Try again in ${seconds} seconds.`;
    return refusal("github_rate_limited", detail, { cause, headers: { "retry-after": String(seconds) } });
  }
  if (isOrganizationRefusal(cause)) {
    const detail =
      "The organization has not approved Nectr. Ask an owner to approve it, then reconnect at /auth/github/reconnect.";
    return refusal("organization_access_needed", detail, { cause });
  }
  if (cause instanceof WebhookAccessDenied) {
    const detail = "GitHub does not let you manage this repository's webhooks: ask an admin of it.";
    return refusal("admin_needed", detail, { cause });
  }
  if (cause instanceof WebhookLimitReached) return refusal("too_many_webhooks", cause.message, { cause });
  if (cause instanceof WebhookUrlRefused) return webhookUrlUnreachable(cause.host, cause);
  if (cause instanceof GitHubForbidden) {
    return refusal("github_forbidden", "GitHub does not let you do this.", { cause });
  }
  if (cause instanceof GitHubNotFound) return repositoryNotFound(cause);
  if (cause instanceof GitHubInvalid) {
    return refusal("github_refused", `GitHub refused: ${cause.messages.join("; ")}`, { cause });
  }
  return refusal("github_unavailable", "GitHub does not answer. Try again in a few minutes.", { cause });
}

/** https://docs.github.com/en/organizations/managing-oauth-access-to-your-organizations-data, and SAML enforcement. */
function isOrganizationRefusal(error: GitHubError): boolean {
  const texts = [error.message, error.cause instanceof Error ? error.cause.message : ""];
  return (
    error instanceof GitHubForbidden && texts.some((text) => /OAuth App access restrictions|SAML/i.test(text))
  );
}
