import { randomBytes, randomInt, randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { createFernet, signWebhook } from "@nectr/crypto";
import type { Db } from "@nectr/db";
import { z } from "zod";
import { openEncryptedColumns } from "./encrypted-columns.ts";
import type { Shop } from "./shop.ts";

/** A webhook as GitHub has it: by which id it is known, and what it signs with. */
export interface Hook {
  readonly id: number;
  readonly secret: string;
}

export interface Delivery {
  readonly hook: Hook;
  /** A redelivery keeps it. */
  readonly guid: string;
  readonly event: string;
  readonly body: string;
}

export interface Answer {
  readonly status: number;
  /** What became of the event; undefined where it was refused. */
  readonly outcome: "queued" | "duplicate" | "ignored" | undefined;
  readonly eventId: string | undefined;
  readonly ms: number;
}

/** The webhook of a repository that is connected. @param secretKey the services' SECRET_KEY. */
export async function hookOf(db: Db, secretKey: string, { id }: Pick<Shop, "id">): Promise<Hook> {
  const secrets = await openEncryptedColumns(db, createFernet([secretKey]));
  const own = secrets.find(
    ({ column, owner }) => column === "repositories.encrypted_webhook_secret" && owner === `repository:${id}`,
  );
  const { hook_id: hookId } = await db
    .selectFrom("repositories")
    .select("hook_id")
    .where("id", "=", id)
    .executeTakeFirstOrThrow();
  if (own === undefined || hookId === null) throw new Error(`the repository ${id} has no webhook`);
  return { id: hookId, secret: own.value };
}

/** A delivery of a pull request's event, about as large as GitHub's. */
export function pullRequestDelivery(
  hook: Hook,
  { id, fullName }: Pick<Shop, "id" | "fullName">,
  pull: { action: string; number: number; headSha: string },
): Delivery {
  const body = {
    action: pull.action,
    number: pull.number,
    repository: { id, full_name: fullName },
    pull_request: {
      number: pull.number,
      draft: false,
      merged: false,
      head: { sha: pull.headSha },
      body: "What it changes. ".repeat(1_400),
    },
  };
  return { hook, guid: randomUUID(), event: "pull_request", body: JSON.stringify(body) };
}

/** The closing of a pull request that nobody knows: a job, and one that asks GitHub for nothing. */
export function nobodysDelivery(hook: Hook, shop: Pick<Shop, "id" | "fullName">): Delivery {
  const nobody = { number: randomInt(100_000, 2_000_000_000), headSha: randomBytes(20).toString("hex") };
  return pullRequestDelivery(hook, shop, { ...nobody, action: "closed" });
}

const answerSchema = z.looseObject({
  status: z.enum(["queued", "duplicate", "ignored"]).optional().catch(undefined),
  event_id: z.string().optional(),
});

/** Delivers once. @param url webhook-ingest's. @throws Error where there is no answer. */
export async function deliver(url: string, { hook, guid, event, body }: Delivery): Promise<Answer> {
  const start = performance.now();
  const response = await fetch(`${url}/api/v1/webhooks/github`, {
    method: "POST",
    body,
    headers: {
      "content-type": "application/json",
      "x-github-event": event,
      "x-github-delivery": guid,
      "x-github-hook-id": String(hook.id),
      "x-hub-signature-256": signWebhook(hook.secret, Buffer.from(body)),
    },
  });
  const { status: outcome, event_id: eventId } = answerSchema.parse(await response.json());
  return { status: response.status, outcome, eventId, ms: performance.now() - start };
}

/** Delivers again and again, by the same GUID, until it is answered 200. */
export async function deliverUntilTaken(url: string, delivery: Delivery): Promise<Answer> {
  for (;;) {
    try {
      const answer = await deliver(url, delivery);
      if (answer.status === 200) return answer;
    } catch (error) {
      // Nobody there, or the connection broke: fetch tells of either so.
      if (!(error instanceof TypeError)) throw error;
    }
    await delay(50);
  }
}

const listed = z.array(
  z.object({ id: z.number(), guid: z.string(), status: z.string(), action: z.string().nullable() }),
);

/** A webhook as whoever owns the repository sees it at GitHub. */
export interface WebhookPage {
  readonly githubUrl: string;
  readonly fullName: string;
  readonly hookId: number;
  /** The owner's. */
  readonly token: string;
}

/** What GitHub has delivered: the newest first, each attempt by itself. */
export async function listDeliveries(page: WebhookPage): Promise<z.output<typeof listed>> {
  const deliveries: z.output<typeof listed> = [];
  let next: string | undefined = `${addressOf(page)}?per_page=100`;
  while (next !== undefined) {
    const answer: Response = await fetch(next, { headers: { authorization: `Bearer ${page.token}` } });
    deliveries.push(...listed.parse(await answer.json()));
    next = /<([^>]+)>; rel="next"/.exec(answer.headers.get("link") ?? "")?.[1];
  }
  return deliveries;
}

/** Has GitHub deliver once more, as a person does by the button. */
export async function redeliver(page: WebhookPage, id: number): Promise<void> {
  const headers = { authorization: `Bearer ${page.token}` };
  await fetch(`${addressOf(page)}/${id}/attempts`, { method: "POST", headers });
}

function addressOf({ githubUrl, fullName, hookId }: WebhookPage): string {
  return `${githubUrl}/repos/${fullName}/hooks/${hookId}/deliveries`;
}
