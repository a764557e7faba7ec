import { FernetError } from "./fernet-error.ts";
import type { Fernet } from "./fernet.ts";

/**
 * Encrypts a text for one owner, such as `user:7` or `repository:42`. Fernet has no associated data, so the owner
 * goes inside: a row copied over another's is refused when it is opened.
 */
export function sealFor(fernet: Fernet, owner: string, text: string): string {
  return fernet.encrypt(JSON.stringify([owner, text]));
}

/**
 * Decrypts what `sealFor` made for the same owner; with `ttlSeconds`, only what was sealed no longer ago than that.
 *
 * @throws FernetError when no key fits, the token was altered, it was sealed for somebody else, or its time is over
 */
export function openFor(
  fernet: Fernet,
  owner: string,
  sealed: string,
  options?: { ttlSeconds?: number },
): string {
  const [sealedFor, text] = parsePair(fernet.decrypt(sealed, options));
  if (sealedFor !== owner) throw new FernetError(`This was sealed for another owner than ${owner}.`);
  return text;
}

/** As `openFor`, but undefined where that throws a FernetError: for what can be done without, such as after a lost key. */
export function openForIfPossible(...args: Parameters<typeof openFor>): string | undefined {
  try {
    return openFor(...args);
  } catch (error) {
    if (error instanceof FernetError) return undefined;
    throw error;
  }
}

/** Whom a webhook's secret is sealed for. @param repositoryId GitHub's id */
export function webhookSecretOwner(repositoryId: number): string {
  return `repository:${repositoryId}`;
}

function parsePair(content: string): [owner: string, text: string] {
  let opened: unknown;
  try {
    opened = JSON.parse(content);
  } catch {
    // The parser's own error would quote the content.
    throw new FernetError("This is no sealed text.");
  }
  if (Array.isArray(opened) && opened.length === 2) {
    const [owner, text]: unknown[] = opened;
    if (typeof owner === "string" && typeof text === "string") return [owner, text];
  }
  throw new FernetError("This is no sealed text.");
}
