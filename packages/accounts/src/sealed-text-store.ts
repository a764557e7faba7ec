import { webhookSecretOwner } from "@nectr/crypto";
import type { Db } from "@nectr/db";
import { refreshTokenOwner, tokenOwner } from "./sealed-tokens.ts";

/** A ciphertext in the database. */
export interface SealedText {
  /** Whom it was sealed for. */
  readonly owner: string;
  readonly sealed: string;
  /** Puts another in its place, unless something else has taken it meanwhile. @returns whether it did */
  replace(sealed: string): Promise<boolean>;
}

type TokenColumn = "encrypted_token" | "encrypted_refresh_token";
type SecretColumn = "encrypted_webhook_secret" | "encrypted_previous_secret";

/** Rows read at once. */
const batchSize = 500;

/**
 * Every ciphertext that is kept for more than minutes. A webhook's own secret comes before the previous one: what a
 * change of secrets moves over meanwhile is met there.
 */
export async function* sealedTexts(db: Db): AsyncGenerator<SealedText> {
  yield* tokens(db, "encrypted_token", tokenOwner);
  yield* tokens(db, "encrypted_refresh_token", refreshTokenOwner);
  yield* secrets(db, "encrypted_webhook_secret");
  yield* secrets(db, "encrypted_previous_secret");
}

async function* tokens(
  db: Db,
  column: TokenColumn,
  ownerOf: (githubId: number) => string,
): AsyncGenerator<SealedText> {
  const users = inBatches((after) =>
    db
      .selectFrom("users")
      .select(["id", "github_id", column])
      .where("id", ">", after)
      .orderBy("id")
      .limit(batchSize)
      .execute(),
  );
  for await (const { id, github_id: githubId, [column]: sealed } of users) {
    if (sealed === null) continue;
    yield {
      owner: ownerOf(githubId),
      sealed,
      async replace(by) {
        const { numUpdatedRows } = await db
          .updateTable("users")
          .set(column, by)
          .where("id", "=", id)
          .where(column, "=", sealed)
          .executeTakeFirst();
        return numUpdatedRows > 0n;
      },
    };
  }
}

async function* secrets(db: Db, column: SecretColumn): AsyncGenerator<SealedText> {
  const repositories = inBatches((after) =>
    db
      .selectFrom("repositories")
      .select(["id", column])
      .where("id", ">", after)
      .orderBy("id")
      .limit(batchSize)
      .execute(),
  );
  for await (const { id, [column]: sealed } of repositories) {
    if (sealed === null) continue;
    yield {
      owner: webhookSecretOwner(id),
      sealed,
      async replace(by) {
        const { numUpdatedRows } = await db
          .updateTable("repositories")
          .set(column, by)
          .where("id", "=", id)
          .where(column, "=", sealed)
          .executeTakeFirst();
        return numUpdatedRows > 0n;
      },
    };
  }
}

async function* inBatches<Row extends { readonly id: number }>(
  read: (after: number) => Promise<Row[]>,
): AsyncGenerator<Row> {
  let rows = await read(0);
  for (let last = rows.at(-1); last; last = rows.at(-1)) {
    yield* rows;
    rows = await read(last.id);
  }
}
