import { ReconnectNeeded } from "@nectr/accounts";
import type { UserRow } from "@nectr/db";
import {
  getRepository,
  type GitHubClient,
  GitHubForbidden,
  GitHubNotFound,
  type Repository,
  type RepositoryRef,
  uninstallWebhook,
} from "@nectr/github";
import { asUserInTurn } from "./as-user-in-turn.ts";
import type { AuthContext } from "./context.ts";
import { connectedRepositoryId, connectedUsers, endInstallation } from "./installation-store.ts";
import { repositoryNotFound } from "./problems.ts";
import { findWebhook, forgetWebhook, withRepositoryLock } from "./repository-store.ts";

/**
 * What became of the webhook: gone from GitHub, kept because others are connected, or left behind because the user
 * may not remove it (its deliveries are refused from now on).
 */
export type WebhookOutcome = "removed" | "shared" | "left";

/**
 * Disconnects the user from a repository, the webhook going with the last one who was connected. Done twice, it
 * changes nothing. Whoever lost access at GitHub, or their token, can still disconnect.
 *
 * @throws Problem not_found where the user neither sees the repository nor is connected to it
 * @throws GitHubError
 */
export async function disconnectRepository(
  context: AuthContext,
  user: UserRow,
  ref: RepositoryRef,
): Promise<WebhookOutcome> {
  try {
    return await asUserInTurn(context, user.id, (client) => disconnect(context, user, ref, client));
  } catch (error) {
    if (error instanceof ReconnectNeeded) return disconnect(context, user, ref, undefined);
    throw error;
  }
}

/** @param client undefined: GitHub takes no token of the user's */
async function disconnect(
  context: AuthContext,
  user: UserRow,
  ref: RepositoryRef,
  client: GitHubClient | undefined,
): Promise<WebhookOutcome> {
  const seen = client && (await repositoryIfVisible(client, ref));
  const repositoryId =
    seen?.id ?? (await connectedRepositoryId(context.db, user.id, `${ref.owner}/${ref.name}`));
  if (repositoryId === undefined) throw repositoryNotFound();

  return withRepositoryLock(context.repositoryLocks, repositoryId, async (locked) => {
    const connected = await connectedUsers(locked, [repositoryId]);
    const isLast = connected.every(({ userId }) => userId === user.id);
    // Where nobody is connected, what is left of a webhook is its admins' to remove.
    const endsWebhook = isLast && (connected.length > 0 || seen?.permissions.admin === true);
    const hookId = (await findWebhook(locked, repositoryId))?.hook_id ?? undefined;
    const outcome = endsWebhook ? await removeWebhook(client, seen, hookId) : "shared";
    await locked.transaction().execute(async (transaction) => {
      await endInstallation(transaction, user.id, repositoryId);
      if (endsWebhook) await forgetWebhook(transaction, repositoryId);
    });
    return outcome;
  });
}

async function removeWebhook(
  client: GitHubClient | undefined,
  repository: Repository | undefined,
  hookId: number | undefined,
): Promise<WebhookOutcome> {
  if (hookId === undefined) return "removed";
  if (client === undefined || repository === undefined) return "left";
  try {
    await uninstallWebhook(client, repository, hookId);
  } catch (error) {
    if (error instanceof GitHubForbidden) return "left";
    throw error;
  }
  // To those who may not manage webhooks GitHub answers as if there were none.
  return repository.permissions.admin ? "removed" : "left";
}

async function repositoryIfVisible(
  client: GitHubClient,
  ref: RepositoryRef,
): Promise<Repository | undefined> {
  try {
    return await getRepository(client, ref);
  } catch (error) {
    if (error instanceof GitHubNotFound) return undefined;
    throw error;
  }
}
