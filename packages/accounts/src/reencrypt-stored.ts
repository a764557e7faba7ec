import { openForIfPossible, sealFor } from "@nectr/crypto";
import type { AccountsDeps } from "./accounts-deps.ts";
import { sealedTexts } from "./sealed-text-store.ts";

/**
 * Encrypts with the first key what an older one encrypted: users' tokens and webhooks' secrets. It can run at any
 * time and in several processes at once: whoever has both keys can read every row throughout, and what is saved
 * meanwhile is not overwritten. A process that has not got the new key in front yet may write with the old one after
 * its row was seen; the next run finds that. So the old key can go when a run has found nothing more to do, and ten
 * minutes have passed, in which sign-ins under way end.
 *
 * @returns how many it encrypted again, and how many no key opens, which it leaves: the key may come back
 */
export async function reencryptStored({
  db,
  fernet,
}: Pick<AccountsDeps, "db" | "fernet">): Promise<{ reencrypted: number; unreadable: number }> {
  const count = { reencrypted: 0, unreadable: 0 };
  for await (const text of sealedTexts(db)) {
    if (fernet.encryptedWithFirstKey(text.sealed)) continue;
    const content = openForIfPossible(fernet, text.owner, text.sealed);
    if (content === undefined) count.unreadable += 1;
    else if (await text.replace(sealFor(fernet, text.owner, content))) count.reencrypted += 1;
  }
  return count;
}
