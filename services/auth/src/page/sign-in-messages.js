/** What each `?error=` means, and what to do. @type {Record<string, string>} */
const messages = {
  access_denied: "You did not authorize Nectr at GitHub. Sign in again if that was not meant.",
  bad_verification_code: "GitHub's code was used or is too old. Sign in again.",
  github_unavailable: "GitHub does not answer. Try again in a few minutes.",
  incorrect_client_credentials:
    "GitHub refuses the OAuth app. Compare GITHUB_CLIENT_ID and GITHUB_CLIENT_SECRET with the app's settings.",
  invalid_state:
    "Invalid or expired OAuth state. Sign in again: within 10 minutes, in one browser, with cookies allowed.",
  link_needed:
    "Nectr serves one person here. Open the link that npm start printed; npm run link prints a new one.",
  oauth_not_configured:
    "No OAuth app is set up. Create one at GitHub, then set GITHUB_CLIENT_ID and GITHUB_CLIENT_SECRET.",
  rate_limited: "Too many sign-ins. Wait a minute and try again.",
  redirect_uri_mismatch: `redirect_uri_mismatch: set the OAuth app's callback address at GitHub to ${location.origin}/auth/github/callback.`,
};

/**
 * Takes the error of a failed sign-in out of the address, so that a reload does not show it again.
 * @returns {string | undefined} the text to show
 */
export function takeSignInError() {
  const url = new URL(location.href);
  const code = url.searchParams.get("error");
  if (code === null) return undefined;
  url.searchParams.delete("error");
  history.replaceState(null, "", url);
  return Object.hasOwn(messages, code)
    ? messages[code]
    : "The sign-in failed. Try again; the service's log has the reason.";
}
