import type { UserRow } from "@nectr/db";
import { getRepository, type Repository, type RepositoryRef } from "@nectr/github";
import { asUserInTurn } from "./as-user-in-turn.ts";
import type { AuthContext } from "./context.ts";
import { connectedUsers, saveInstallation } from "./installation-store.ts";
import { adminNeeded, refusal } from "./problems.ts";
import { type NextSecret, putWebhook } from "./put-webhook.ts";
import {
  confirmWebhook,
  findWebhook,
  saveRepository,
  type WebhookRow,
  withRepositoryLock,
} from "./repository-store.ts";
import { newSecret, openSecret, sealSecret } from "./webhook-secret.ts";

/**
 * Connects the user to a repository, and sees to it that its pull requests are heard of: by a webhook, made, repaired,
 * or shared with those who are connected already; by polling, where one person is served by GITHUB_PAT. Done twice,
 * it changes nothing.
 *
 * @throws Problem with the reason why it cannot be connected: nothing has changed then
 * @throws ReconnectNeeded, GitHubError; where GitHub's answer leaves in doubt whether there is a webhook now, its
 *   secret stays stored, and the next attempt goes on with it
 */
export function connectRepository(
  context: AuthContext,
  user: UserRow,
  ref: RepositoryRef,
): Promise<Repository> {
  return asUserInTurn(context, user.id, async (client) => {
    const repository = await getRepository(client, ref);
    await withRepositoryLock(context.repositoryLocks, repository.id, async (locked) => {
      const before = await findWebhook(locked, repository.id);
      const others = await connectedUsers(locked, [repository.id]);
      const shared = others.length > 0 && before?.hook_id != null;
      switch (decide(repository, { personal: context.config.personalToken !== undefined, shared })) {
        case "poll":
          await saveRepository(locked, repository, { polled: true });
          return saveInstallation(locked, user.id, repository.id);
        case "share":
          return saveInstallation(locked, user.id, repository.id);
        case "install": {
          const secret = nextSecret(context, repository.id, before);
          const hookId = await putWebhook(context, { locked, client, repository, before }, secret);
          await locked.transaction().execute(async (transaction) => {
            await confirmWebhook(transaction, repository.id, hookId);
            await saveInstallation(transaction, user.id, repository.id);
          });
        }
      }
    });
    return repository;
  });
}

/**
 * Only an admin can see or make webhooks; whoever may push can join those who have one. Polling itself takes no more
 * than reading, but reviews are posted in the person's name, so they are for those who work on the repository.
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

/** The secret that is there stays: deliveries signed with it may be on their way. */
function nextSecret(context: AuthContext, repositoryId: number, before: WebhookRow | undefined): NextSecret {
  const current = openSecret(context, repositoryId, before?.encrypted_webhook_secret);
  const secret = current ?? newSecret();
  return {
    secret,
    row: {
      encrypted_webhook_secret: sealSecret(context, repositoryId, secret),
      // Where this one cannot be opened, nor can the one before it: their key is gone.
      ...(current === undefined && { encrypted_previous_secret: null, previous_secret_expires_at: null }),
    },
  };
}
