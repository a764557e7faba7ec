import { type Fernet, openFor } from "@nectr/crypto";
import type { Db, RepositoryRow } from "@nectr/db";
import { sql } from "kysely";

export interface SecretDeps {
  readonly db: Db;
  readonly fernet: Fernet;
}

/** The secrets that a repository's deliveries may be signed with: its own, and for a while after a rotation the old. */
export interface RepositorySecrets {
  readonly repositoryId: number;
  readonly secrets: readonly string[];
}

const columns = [
  "id",
  "encrypted_webhook_secret",
  "encrypted_previous_secret",
  "previous_secret_expires_at",
] as const;

/** @param hookId GitHub's id of the webhook. Undefined where no repository has it. */
export async function findSecretsByHook(
  deps: SecretDeps,
  hookId: number,
): Promise<RepositorySecrets | undefined> {
  const row = await deps.db
    .selectFrom("repositories")
    .select(columns)
    .where("hook_id", "=", hookId)
    .executeTakeFirst();
  return row && open(deps.fernet, row);
}

/** @param fullName `owner/name` in any case. Several repositories can have gone by one name, one after another. */
export async function findSecretsByName(
  deps: SecretDeps,
  fullName: string | undefined,
): Promise<RepositorySecrets[]> {
  if (fullName === undefined) return [];
  const rows = await deps.db
    .selectFrom("repositories")
    .select(columns)
    .where(sql`lower(full_name)`, "=", fullName.toLowerCase())
    .where("encrypted_webhook_secret", "is not", null)
    .execute();
  return rows.map((row) => open(deps.fernet, row));
}

function open(fernet: Fernet, row: Pick<RepositoryRow, (typeof columns)[number]>): RepositorySecrets {
  const { previous_secret_expires_at: ends } = row;
  // Without an end, GitHub has not confirmed the new secret yet.
  const stillValid = ends === null || ends > new Date();
  const sealed = [row.encrypted_webhook_secret, stillValid ? row.encrypted_previous_secret : null];
  return {
    repositoryId: row.id,
    secrets: sealed.flatMap((text) => (text === null ? [] : [openFor(fernet, `repository:${row.id}`, text)])),
  };
}
