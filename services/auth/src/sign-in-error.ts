import type { ProblemCode } from "./problems.ts";

/** Short words for the address bar; the page that shows them knows what each asks the person to do. */
export const signInErrorCodes = [
  "access_denied",
  "bad_verification_code",
  "github_unavailable",
  "incorrect_client_credentials",
  "invalid_state",
  "link_needed",
  "oauth_not_configured",
  "rate_limited",
  "redirect_uri_mismatch",
  "sign_in_failed",
] as const satisfies readonly ProblemCode[];

export type SignInErrorCode = (typeof signInErrorCodes)[number];

/** A sign-in that came to nothing. */
export class SignInError extends Error {
  override readonly name = "SignInError";
  readonly code: SignInErrorCode;

  constructor(code: SignInErrorCode, options?: ErrorOptions) {
    super(`Sign-in failed: ${code}`, options);
    this.code = code;
  }
}

/** GitHub's words for a refusal, at the callback and in the exchange, that we have an explanation for. */
const githubCodes: readonly SignInErrorCode[] = [
  "access_denied",
  "bad_verification_code",
  "incorrect_client_credentials",
  "redirect_uri_mismatch",
];

/** What GitHub's word for a refusal is to us. */
export function fromGitHubCode(code: string): SignInErrorCode {
  return githubCodes.find((known) => known === code) ?? "sign_in_failed";
}

/** What happened, and what to do. @param callbackUrl where GitHub sends people back to */
export function explainSignInError(code: SignInErrorCode, callbackUrl: string): string {
  switch (code) {
    case "access_denied":
      return "You did not authorize Nectr at GitHub. Sign in again if that was not meant.";
    case "bad_verification_code":
      return "GitHub's code was used or is too old. Sign in again.";
    case "github_unavailable":
      return "GitHub does not answer. Try again in a few minutes.";
    case "incorrect_client_credentials":
      return "GitHub refuses the OAuth app. Compare GITHUB_CLIENT_ID and GITHUB_CLIENT_SECRET with its settings.";
    case "invalid_state":
      return "Invalid or expired OAuth state. Sign in again: within 10 minutes, in one browser, with cookies allowed.";
    case "link_needed":
      return "Nectr serves one person here. Open the link that `npm start` printed; `npm run link` prints a new one.";
    case "oauth_not_configured":
      return `No OAuth app is set up. Create one at GitHub with the callback address ${callbackUrl}, then set GITHUB_CLIENT_ID and GITHUB_CLIENT_SECRET.`;
    case "rate_limited":
      return "Too many sign-ins. Wait a minute and try again.";
    case "redirect_uri_mismatch":
      return `redirect_uri_mismatch: set the OAuth app's callback address at GitHub to ${callbackUrl}, which follows from BACKEND_URL.`;
    case "sign_in_failed":
      return "GitHub refused the sign-in. Try again; the service's log has the reason.";
  }
}
