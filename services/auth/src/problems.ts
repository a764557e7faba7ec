import { Problem } from "@nectr/service";

/** Every refusal's stable word, and the status that it comes with. */
export const problemStatus = {
  access_denied: 403,
  admin_needed: 403,
  bad_verification_code: 400,
  busy: 503,
  confirmation_needed: 403,
  github_forbidden: 403,
  github_rate_limited: 503,
  github_refused: 422,
  github_unavailable: 502,
  header_needed: 403,
  incorrect_client_credentials: 500,
  internal: 500,
  invalid_request: 400,
  invalid_state: 400,
  link_invalid: 401,
  link_needed: 401,
  not_connected: 409,
  not_signed_in: 401,
  oauth_not_configured: 503,
  organization_access_needed: 403,
  origin_not_allowed: 403,
  rate_limited: 429,
  reconnect_needed: 401,
  redirect_uri_mismatch: 500,
  repository_archived: 422,
  repository_not_found: 404,
  review_not_found: 404,
  secret_just_rotated: 409,
  session_expired: 401,
  sign_in_failed: 500,
  token_refused: 401,
  too_many_webhooks: 422,
  webhook_url_unreachable: 422,
  write_access_needed: 403,
} as const;

export type ProblemCode = keyof typeof problemStatus;

/** A refusal that the API's description knows. @param detail what went wrong, and what to do */
export function refusal(
  code: ProblemCode,
  detail: string,
  more: { headers?: Readonly<Record<string, string>>; cause?: unknown } = {},
): Problem {
  return new Problem({ status: problemStatus[code], code, detail, ...more });
}

/** GitHub does not tell what is hidden from what does not exist, and neither do we. */
export function repositoryNotFound(cause?: unknown): Problem {
  return refusal("repository_not_found", "There is no such repository, or you have no access to it.", {
    cause,
  });
}

/** What only an admin of the repository may do. */
export function adminNeeded(doing: string): Problem {
  const detail = `${doing} takes an admin of the repository. Ask one of them to do it.`;
  return refusal("admin_needed", detail);
}

/** GitHub refuses the address that it is to deliver to, or would. */
export function webhookUrlUnreachable(host: string, cause?: unknown): Problem {
  const detail = `GitHub cannot deliver to ${host}: set WEBHOOK_URL to an address that the internet reaches, such as a tunnel's.`;
  return refusal("webhook_url_unreachable", detail, { cause });
}

/** Too many at once, from one address. */
export function tooMany(what: string): Problem {
  return refusal("rate_limited", `Too many ${what} at once. Wait a minute and try again.`);
}
