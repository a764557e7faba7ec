import { asUser } from "@nectr/accounts";
import type { Db, UserRow } from "@nectr/db";
import { getRepository, type GitHubClient, type Repository, type RepositoryRef } from "@nectr/github";
import type { AuthContext } from "./context.ts";
import { adminNeeded, refusal } from "./problems.ts";
import {
  confirmWebhook,
  connectedUsers,
  findWebhook,
  restoreWebhook,
  saveInstallation,
  saveRepository,
  type WebhookRow,
  withRepositoryLock,
} from "./repository-store.ts";
import { newSecret, openSecret, putWebhook, sealSecret } from "./webhook-secret.ts";

/**
 * Connects the user to a repository, and sees to it that its pull requests are heard of: by a webhook, made, repaired,
 * or shared with those who are connected already; by polling, where one person is served by GITHUB_PAT. Done twice,
 * it changes nothing.
 *
 * @throws Problem with the reason why it cannot be connected; nothing is left half done then
 * @throws ReconnectNeeded, GitHubError
 */
export function connectRepository(
  context: AuthContext,
  user: UserRow,
  ref: RepositoryRef,
): Promise<Repository> {
  return asUser(context.accounts, user.id, async (client) => {
    const repository = await getRepository(client, ref);
    await withRepositoryLock(context.accounts.locks, repository.id, async (locked) => {
      const webhook = await findWebhook(locked, repository.id);
      const others = await connectedUsers(locked, [repository.id]);
      const shared = others.length > 0 && webhook?.hook_id != null;
      switch (decide(repository, { personal: context.config.personalToken !== undefined, shared })) {
        case "poll":
          await saveRepository(locked, repository, { polled: true });
          break;
        case "install":
          await ensureWebhook(context, { locked, client, repository, before: webhook });
          break;
        case "share":
      }
      await saveInstallation(locked, user.id, repository.id);
    });
    return repository;
  });
}

/**
 * Only an admin can see or make webhooks; whoever may push can join those who have one. Polling takes no right but to
 * read; but reviews of a repository are for those who work on it, and not in the name of a passer-by.
 */
function decide(
  { fullName, archived, permissions }: Repository,
  { personal, shared }: { personal: boolean; shared: boolean },
): "poll" | "install" | "share" {
  if (archived) {
    const detail = `${fullName} is archived: GitHub lets nobody write to it. Unarchive it first.`;
    throw refusal("repository_archived", detail);
  }
  if (personal) {
    if (permissions.push || permissions.admin) return "poll";
    const detail = `Connecting ${fullName} takes the right to push to it, because reviews are posted in your name.`;
    throw refusal("write_access_needed", detail);
  }
  if (permissions.admin) return "install";
  if (shared && permissions.push) return "share";
  throw adminNeeded(`Connecting ${fullName}`);
}

async function ensureWebhook(
  context: AuthContext,
  {
    locked,
    client,
    repository,
    before,
  }: { locked: Db; client: GitHubClient; repository: Repository; before: WebhookRow | undefined },
): Promise<void> {
  // The secret that is there stays: deliveries signed with it may be on their way.
  const secret = openSecret(context, repository.id, before?.encrypted_webhook_secret) ?? newSecret();
  const encrypted_webhook_secret = sealSecret(context, repository.id, secret);
  await saveRepository(locked, repository, { encrypted_webhook_secret });
  try {
    const hookId = await putWebhook(context, client, repository, secret);
    await confirmWebhook(locked, repository.id, hookId);
  } catch (error) {
    await restoreWebhook(locked, repository.id, before);
    throw error;
  }
}
