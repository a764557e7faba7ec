import { asUser } from "@nectr/accounts";
import { FernetError, openFor, randomToken, sealFor } from "@nectr/crypto";
import type { Db, UserRow } from "@nectr/db";
import {
  getRepository,
  type GitHubClient,
  installWebhook,
  type Repository,
  type RepositoryRef,
} from "@nectr/github";
import { Problem } from "@nectr/service";
import type { AuthContext } from "./context.ts";
import {
  connectedUsers,
  findWebhook,
  restoreWebhook,
  saveInstallation,
  saveRepository,
  type WebhookRow,
  withRepositoryLock,
} from "./repository-store.ts";
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

/**
 * Connects the user to a repository, and sees to its webhook: made, repaired, or shared with those who are connected
 * already. Done twice, it changes nothing.
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
      const installation = { userId: user.id, repositoryId: repository.id };
      if (decide(repository, { shared: others.length > 0 && webhook?.hook_id != null }) === "share") {
        return saveInstallation(locked, installation);
      }
      const hookId = await ensureWebhook(context, { locked, client, repository, before: webhook });
      await saveInstallation(locked, { ...installation, hookId });
    });
    return repository;
  });
}

/** Only an admin can see or make webhooks; whoever may push can join those who have one. */
function decide(
  { fullName, archived, permissions }: Repository,
  { shared }: { shared: boolean },
): "install" | "share" {
  if (archived) {
    const detail = `${fullName} is archived: GitHub lets nobody write to it. Unarchive it first.`;
    throw new Problem({ status: 422, code: "repository_archived", detail });
  }
  if (permissions.admin) return "install";
  if (shared && permissions.push) return "share";
  const detail = `Connecting ${fullName} takes an admin of the repository. Ask one of them to connect it.`;
  throw new Problem({ status: 403, code: "admin_needed", detail });
}

async function ensureWebhook(
  { fernet, config }: AuthContext,
  {
    locked,
    client,
    repository,
    before,
  }: { locked: Db; client: GitHubClient; repository: Repository; before: WebhookRow | undefined },
): Promise<number> {
  const url = webhookAddress(config);
  const owner = `repository:${repository.id}`;
  // The secret that is there stays: deliveries signed with it may be on their way.
  const secret = openStored(before?.encrypted_webhook_secret) ?? randomToken(32);
  await saveRepository(locked, repository, sealFor(fernet, owner, secret));
  try {
    return await installWebhook(client, repository, { url, secret, events });
  } catch (error) {
    await restoreWebhook(locked, repository.id, before);
    throw error;
  }

  function openStored(encrypted: string | null | undefined): string | undefined {
    if (encrypted == null) return undefined;
    try {
      return openFor(fernet, owner, encrypted);
    } catch (error) {
      // Its key is gone: the webhook gets a new secret.
      if (error instanceof FernetError) return undefined;
      throw error;
    }
  }
}
