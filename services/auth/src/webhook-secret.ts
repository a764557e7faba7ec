import { FernetError, openFor, randomToken, sealFor } from "@nectr/crypto";
import { type GitHubClient, installWebhook, type RepositoryRef } from "@nectr/github";
import type { AuthContext } from "./context.ts";
import { webhookAddress } from "./webhook-address.ts";

/**
 * Reviews need the first alone. The others tell of a repository's decisions; they are subscribed to from the start,
 * so that no webhook has to be changed on the day they are used. Until then each is stored as ignored.
 */
const events = [
  "pull_request",
  "issues",
  "issue_comment",
  "pull_request_review_comment",
  "pull_request_review_thread",
];

/** A secret of 32 random bytes. */
export function newSecret(): string {
  return randomToken(32);
}

export function sealSecret({ fernet }: AuthContext, repositoryId: number, secret: string): string {
  return sealFor(fernet, ownerOf(repositoryId), secret);
}

/** A stored secret; undefined where there is none, or its key is gone: then the webhook needs a new one. */
export function openSecret(
  { fernet }: AuthContext,
  repositoryId: number,
  encrypted: string | null | undefined,
): string | undefined {
  if (encrypted == null) return undefined;
  try {
    return openFor(fernet, ownerOf(repositoryId), encrypted);
  } catch (error) {
    if (error instanceof FernetError) return undefined;
    throw error;
  }
}

/** Makes or repairs the repository's webhook at GitHub. @returns its id @throws Problem, GitHubError */
export function putWebhook(
  { config }: AuthContext,
  client: GitHubClient,
  repository: RepositoryRef,
  secret: string,
): Promise<number> {
  return installWebhook(client, repository, { url: webhookAddress(config), secret, events });
}

function ownerOf(repositoryId: number): string {
  return `repository:${repositoryId}`;
}
