import type { Db } from "@nectr/db";
import { type GitHubClient, installWebhook, isDoubtful, type Repository } from "@nectr/github";
import type { AuthContext } from "./context.ts";
import { restoreWebhook, saveRepository, type WebhookRow } from "./repository-store.ts";
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

/** A repository under its lock, with what is stored of its webhook. */
export interface LockedRepository {
  readonly locked: Db;
  readonly client: GitHubClient;
  readonly repository: Repository;
  readonly before: WebhookRow | undefined;
}

/** The secret that a webhook is to get, and what is stored of it before GitHub has confirmed it. */
export interface NextSecret {
  readonly secret: string;
  readonly row: Partial<WebhookRow>;
}

/**
 * Makes or repairs the repository's webhook at GitHub, with this secret. The secret is stored first, because a delivery
 * may come before GitHub's answer. Where GitHub refuses, nothing has changed; where its answer leaves in doubt what it
 * did, the secret stays stored.
 *
 * @returns the webhook's id
 * @throws Problem webhook_url_unreachable
 * @throws GitHubError
 */
export async function putWebhook(
  { config }: Pick<AuthContext, "config">,
  { locked, client, repository, before }: LockedRepository,
  { secret, row }: NextSecret,
): Promise<number> {
  await saveRepository(locked, repository, row);
  try {
    return await installWebhook(client, repository, { url: webhookAddress(config), secret, events });
  } catch (error) {
    if (!isDoubtful(error)) await restoreWebhook(locked, repository.id, before);
    throw error;
  }
}
