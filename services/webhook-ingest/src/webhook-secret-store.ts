import { type Fernet, openFor, webhookSecretOwner } from "@nectr/crypto";
import { anyOf, type Db, type RepositoryRow } from "@nectr/db";
import { sql } from "kysely";
import { createGroups } from "./group.ts";

/** The secrets that a repository's deliveries may be signed with: its own, and for a while after a rotation the old. */
export interface RepositorySecrets {
  readonly repositoryId: number;
  /** Its own first. */
  readonly secrets: readonly string[];
  /** Its own as it is stored, where nothing has shown yet that GitHub has it: until then the old one has no end. */
  readonly unconfirmed: string | undefined;
}

export interface SecretStore {
  /**
   * What is remembered for a second at most: a rotation or a disconnect counts within one.
   * @param hookId GitHub's id of the webhook. Undefined where no repository has it.
   */
  byHook(hookId: number): Promise<RepositorySecrets | undefined>;
  /** As it is now: what is refused is never refused for what is remembered. */
  byHookNow(hookId: number): Promise<RepositorySecrets | undefined>;
  /** @param fullName `owner/name` in any case. Several repositories can have gone by one name, one after another. */
  byName(fullName: string): Promise<RepositorySecrets[]>;
  /** Notes that a delivery was signed with the repository's own secret: the old one ends in an hour. */
  confirm(repositoryId: number, sealed: string): Promise<void>;
}

const columns = [
  "id",
  "encrypted_webhook_secret",
  "encrypted_previous_secret",
  "previous_secret_expires_at",
] as const;

export function createSecretStore({ db, fernet }: { db: Db; fernet: Fernet }): SecretStore {
  const open = createOpener(fernet);

  async function findByHooks(hookIds: readonly number[]): Promise<(RepositorySecrets | undefined)[]> {
    const rows = await db
      .selectFrom("repositories")
      .select([...columns, "hook_id"])
      .where("hook_id", "=", anyOf([...new Set(hookIds)]))
      .execute();
    const found = new Map(rows.map((row) => [row.hook_id, secretsOf(open, row)]));
    return hookIds.map((hookId) => found.get(hookId));
  }

  // Deliveries that come together share a query.
  const byHookNow = createGroups(findByHooks, 500);
  return {
    byHook: rememberBriefly(byHookNow),
    byHookNow,
    async byName(fullName) {
      const rows = await db
        .selectFrom("repositories")
        .select(columns)
        .where(sql`lower(full_name)`, "=", fullName.toLowerCase())
        .where("encrypted_webhook_secret", "is not", null)
        .execute();
      return rows.map((row) => secretsOf(open, row));
    },
    async confirm(repositoryId, sealed) {
      await db
        .updateTable("repositories")
        .set({ previous_secret_expires_at: sql<Date>`now() + interval '1 hour'` })
        .where("id", "=", repositoryId)
        .where("encrypted_webhook_secret", "=", sealed)
        .where("encrypted_previous_secret", "is not", null)
        .where("previous_secret_expires_at", "is", null)
        .execute();
    },
  };
}

const rememberedMs = 1_000;

/** Only hooks that were found are remembered: there are no more than repositories. */
function rememberBriefly(find: SecretStore["byHook"]): SecretStore["byHook"] {
  const remembered = new Map<number, { readonly secrets: RepositorySecrets; readonly until: number }>();
  return async (hookId) => {
    const known = remembered.get(hookId);
    const now = performance.now();
    if (known !== undefined && known.until > now) return known.secrets;
    const secrets = await find(hookId);
    // As old as the question; the answer may have been on its way for a while.
    if (secrets === undefined) remembered.delete(hookId);
    else remembered.set(hookId, { secrets, until: now + rememberedMs });
    return secrets;
  };
}

type Open = (repositoryId: number, sealed: string) => string;

function secretsOf(open: Open, row: Pick<RepositoryRow, (typeof columns)[number]>): RepositorySecrets {
  const { previous_secret_expires_at: ends } = row;
  // Without an end, GitHub has not confirmed the new secret yet.
  const stillValid = ends === null || ends > new Date();
  const sealed = [row.encrypted_webhook_secret, stillValid ? row.encrypted_previous_secret : null];
  return {
    repositoryId: row.id,
    secrets: sealed.flatMap((text) => (text === null ? [] : [open(row.id, text)])),
    unconfirmed:
      row.encrypted_previous_secret !== null && ends === null
        ? (row.encrypted_webhook_secret ?? undefined)
        : undefined,
  };
}

const rememberedAtMost = 10_000;

/** What a sealed text says never changes, so each is opened once. */
function createOpener(fernet: Fernet): Open {
  const opened = new Map<string, string>();
  return (repositoryId, sealed) => {
    const owner = webhookSecretOwner(repositoryId);
    const known = opened.get(owner + sealed);
    if (known !== undefined) return known;
    const secret = openFor(fernet, owner, sealed);
    if (opened.size >= rememberedAtMost) opened.clear();
    opened.set(owner + sealed, secret);
    return secret;
  };
}
