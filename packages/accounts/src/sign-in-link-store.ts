import { randomToken, sha256 } from "@nectr/crypto";
import type { Db } from "@nectr/db";

/** Makes a link for the one person who is served. @returns its token: good once, until `expiresAt` */
export async function createSignInLink(db: Db, expiresAt: Date): Promise<string> {
  const token = randomToken(32);
  await db
    .insertInto("sign_in_links")
    .values({ token_hash: sha256(token), expires_at: expiresAt })
    .execute();
  return token;
}

/** Takes a link's token out. @returns whether it was good: of parallel calls, one finds it so */
export async function takeSignInLink(db: Db, token: string, now: Date): Promise<boolean> {
  const row = await db
    .deleteFrom("sign_in_links")
    .where("token_hash", "=", sha256(token))
    .returning("expires_at")
    .executeTakeFirst();
  return row !== undefined && row.expires_at > now;
}
