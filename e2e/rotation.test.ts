import { createFernet, generateFernetKey, signWebhook } from "@nectr/crypto";
import type { Session } from "@nectr/local";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { z } from "zod";
import { connect, read } from "./src/api.ts";
import { defective } from "./src/changes.ts";
import { openEncryptedColumns, type StoredSecret } from "./src/encrypted-columns.ts";
import { eventOf, patience, reviewedHeads, untilReviewed } from "./src/outcomes.ts";
import { type Clone, cloneShop, createShop, openPullRequest, type Shop } from "./src/shop.ts";
import { startWholeSystem, type WholeSystem } from "./src/whole-system.ts";

const [oldKey, newKey] = [generateFernetKey(), generateFernetKey()];

let nectr: WholeSystem;
let shop: Shop;
let octocat: Session;
let clone: Clone;

beforeAll(async () => {
  nectr = await startWholeSystem({ environment: { SECRET_KEY: oldKey } });
  // So that there is a token of each kind to be encrypted.
  nectr.simulator.setExpiringTokens(true);
  shop = await createShop(nectr.simulator);
  clone = await cloneShop(nectr.simulator, shop);
  octocat = await nectr.signIn("octocat");
  await connect(octocat, shop);
});
afterAll(async () => {
  await clone[Symbol.asyncDispose]();
  await nectr[Symbol.asyncDispose]();
});

test("a webhook's secret is changed amid pushes: no delivery is refused, no head is lost", async () => {
  const { db, simulator } = nectr;
  const before = await webhookSecret();
  // GitHub takes its time, so that deliveries with the old secret come while the new one is stored already.
  const slow = { kind: "latency", ms: 2000 } as const;
  simulator.faults.add({ method: "PATCH", path: /\/hooks\/\d+$/, times: 1, effect: slow });

  const heads = [await clone.push("search", defective("push-1"))];
  await openPullRequest(simulator, shop, "search");
  const push = async () => heads.push(await clone.push("search", defective(`push-${heads.length + 1}`)));
  while (heads.length < 8) await push();
  let rotated = false;
  const rotation = octocat
    .request("POST", `/api/v1/repos/${shop.fullName}/rotate-secret`, {})
    .finally(() => (rotated = true));
  const atFirst = heads.length;
  while (!rotated) await push();
  expect(heads.length).toBeGreaterThan(atFirst);
  while (heads.length < 20) await push();
  expect((await rotation).status).toBe(200);
  await simulator.deliveriesSettled();

  const deliveries = await deliveriesOf(shop);
  expect(deliveries.length).toBeGreaterThan(heads.length);
  expect(deliveries.filter(({ status }) => status !== "OK")).toEqual([]);
  // One that was signed before, and took its time on the way.
  const hookId = deliveries[0]?.hook_id ?? 0;
  expect(await webhookSecret()).not.toBe(before);
  expect(await deliver(hookId, before)).toBe(200);
  expect(await deliver(hookId, "another secret")).toBe(401);

  const last = heads.at(-1) ?? "";
  await untilReviewed(db, last);
  await expect.poll(() => unfinished(), patience).toEqual([]);
  const ends = await Promise.all(heads.map((head) => eventOf(db, head)));
  const reviewed = await reviewedHeads(db, shop.id);
  expect(reviewed).toContain(last);
  expect(new Set(reviewed).size).toBe(reviewed.length);
  // Each of the others was reviewed too, unless a newer one had come by then.
  for (const event of ends) expect(["completed", "superseded"]).toContain(event?.status);
  expect(simulator.violations()).toEqual([]);
});

test("SECRET_KEY is changed: nobody is signed out, reviews go on, and the old key can go", async () => {
  const { db } = nectr;
  const underOldKey = await openEncryptedColumns(db, createFernet([oldKey]));
  expect(underOldKey.map(({ column }) => column).toSorted()).toEqual([
    "repositories.encrypted_previous_secret",
    "repositories.encrypted_webhook_secret",
    "users.encrypted_refresh_token",
    "users.encrypted_token",
  ]);

  await nectr.restart({ SECRET_KEY: `${newKey},${oldKey}` });
  expect(await read(octocat, "/auth/me")).toMatchObject({ token_state: "active" });
  await untilReviewed(db, await clone.push("search", defective("both-keys")));
  const underNewKey = await vi.waitFor(() => openEncryptedColumns(db, createFernet([newKey])), patience);
  expect(underNewKey.toSorted(byColumn)).toEqual(underOldKey.toSorted(byColumn));

  const signedInSince = await nectr.signIn("octocat");
  await nectr.restart({ SECRET_KEY: newKey });
  expect(await read(signedInSince, "/auth/me")).toMatchObject({ token_state: "active" });
  expect(await read(signedInSince, "/api/v1/repos")).toMatchObject({ repositories: [{ connected: true }] });
  await untilReviewed(db, await clone.push("search", defective("new-key")));
});

function byColumn(a: StoredSecret, b: StoredSecret): number {
  return a.column.localeCompare(b.column);
}

async function webhookSecret(): Promise<string> {
  const stored = await openEncryptedColumns(nectr.db, createFernet([oldKey]));
  const secret = stored.find(({ column }) => column === "repositories.encrypted_webhook_secret");
  return z.string().parse(secret?.value);
}

const deliverySchema = z.looseObject({ status: z.string() });

/** What GitHub has delivered to the repository's one webhook, and how it was answered. */
async function deliveriesOf({ fullName, tokens }: Shop) {
  const github = async <T>(path: string, schema: z.ZodType<T>): Promise<T> => {
    const response = await fetch(`${nectr.simulator.url}/repos/${fullName}${path}`, {
      headers: { authorization: `Bearer ${tokens.octocat}` },
    });
    return schema.parse(await response.json());
  };
  const [hook] = await github("/hooks", z.tuple([z.object({ id: z.number() })]));
  const path = `/hooks/${hook.id}/deliveries?per_page=100`;
  const deliveries = await github(path, z.array(deliverySchema));
  return deliveries.map(({ status }) => ({ status, hook_id: hook.id }));
}

/** Delivers a ping by hand. @returns the answer's status */
async function deliver(hookId: number, secret: string): Promise<number> {
  const body = JSON.stringify({ zen: "Late.", repository: { id: shop.id, full_name: shop.fullName } });
  const response = await fetch(`${nectr.webhookUrl}/api/v1/webhooks/github`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      "x-github-event": "ping",
      "x-github-hook-id": String(hookId),
      "x-hub-signature-256": signWebhook(secret, Buffer.from(body)),
    },
    body,
  });
  return response.status;
}

function unfinished() {
  return nectr.db
    .selectFrom("webhook_events")
    .select(["head_sha", "status", "reason"])
    .where("status", "in", ["pending", "processing"])
    .execute();
}
