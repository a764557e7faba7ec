import type { UserRow } from "@nectr/db";
import { getRepository, type RepositoryRef } from "@nectr/github";
import { asUserInTurn } from "./as-user-in-turn.ts";
import type { AuthContext } from "./context.ts";
import { connectedUsers } from "./installation-store.ts";
import { adminNeeded, refusal } from "./problems.ts";
import { type NextSecret, putWebhook } from "./put-webhook.ts";
import { confirmWebhook, findWebhook, type WebhookRow, withRepositoryLock } from "./repository-store.ts";
import { newSecret, openSecret, sealSecret } from "./webhook-secret.ts";

/**
 * Gives a repository's webhook a new secret. The old one is good for another hour, and until GitHub has confirmed the
 * new one: no delivery is refused, whichever it was signed with. Where GitHub's answer leaves in doubt which it has,
 * both stay good, and the next attempt goes on with the same new one.
 *
 * @returns when the old secret ends
 * @throws Problem not_connected, admin_needed, secret_just_rotated
 * @throws ReconnectNeeded, GitHubError
 */
export function rotateSecret(context: AuthContext, user: UserRow, ref: RepositoryRef): Promise<Date> {
  return asUserInTurn(context, user.id, async (client) => {
    const repository = await getRepository(client, ref);
    return withRepositoryLock(context.repositoryLocks, repository.id, async (locked) => {
      const before = await findWebhook(locked, repository.id);
      const connected = await connectedUsers(locked, [repository.id]);
      if (before?.hook_id == null || !connected.some(({ userId }) => userId === user.id)) {
        const detail = `You are not connected to ${repository.fullName} by a webhook. Connect first.`;
        throw refusal("not_connected", detail);
      }
      if (!repository.permissions.admin) throw adminNeeded(`Rotating the secret of ${repository.fullName}`);

      const secret = nextSecret(context, repository.id, before);
      const hookId = await putWebhook(context, { locked, client, repository, before }, secret);
      return (await confirmWebhook(locked, repository.id, hookId)) ?? context.clock();
    });
  });
}

/** A new secret, or the one of an attempt that GitHub has not confirmed; the row has both the old one and it. */
function nextSecret(context: AuthContext, repositoryId: number, before: WebhookRow): NextSecret {
  const { encrypted_webhook_secret, encrypted_previous_secret, previous_secret_expires_at: ends } = before;
  const current = openSecret(context, repositoryId, encrypted_webhook_secret);
  if (current !== undefined && encrypted_previous_secret !== null) {
    if (ends === null) return { secret: current, row: {} };
    // A third secret would leave no room for the first, which deliveries on their way may be signed with.
    if (ends > context.clock()) throw justRotated(ends, context.clock());
  }
  const secret = newSecret();
  return {
    secret,
    row: {
      encrypted_webhook_secret: sealSecret(context, repositoryId, secret),
      encrypted_previous_secret: current === undefined ? null : encrypted_webhook_secret,
      previous_secret_expires_at: null,
    },
  };
}

function justRotated(ends: Date, now: Date) {
  const minutes = Math.ceil((ends.getTime() - now.getTime()) / 60_000);
  const detail = `The secret was rotated within the hour. Try again when the old one has ended, in ${minutes} min.`;
  return refusal("secret_just_rotated", detail, { headers: { "retry-after": String(minutes * 60) } });
}
