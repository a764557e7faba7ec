/** Prefixes of GitHub's tokens: https://github.blog/engineering/platform-security/behind-githubs-new-authentication-token-formats/ */
const tokenShape = /\b(?:gh[opsur]_[A-Za-z0-9_]+|github_pat_[A-Za-z0-9_]+)/g;

/** A function that takes the given secrets, and whatever looks like a GitHub token, out of a text. */
export function createScrubber(secrets: readonly string[]): (text: string) => string {
  const known = secrets.filter((secret) => secret !== "");
  return (text) =>
    known
      .reduce((clean, secret) => clean.replaceAll(secret, "[secret]"), text)
      .replace(tokenShape, "[token]");
}

/**
 * A copy of an error and its causes that keeps name, message, stack and code, scrubbed, and nothing else:
 * Octokit's own errors carry the request's body and headers, and undici's quote a bad header's value.
 */
export function scrubError(error: unknown, scrub: (text: string) => string): Error {
  if (!(error instanceof Error)) return new Error(scrub(String(error)));
  const copy = new Error(scrub(error.message));
  copy.name = error.name;
  if (error.stack !== undefined) copy.stack = scrub(error.stack);
  if ("code" in error && typeof error.code === "string") Object.assign(copy, { code: error.code });
  if (error.cause !== undefined) copy.cause = scrubError(error.cause, scrub);
  return copy;
}
