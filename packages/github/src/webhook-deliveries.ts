import { z } from "zod";
import { parseAnswer } from "./answers.ts";
import type { Answer, GitHubClient } from "./client.ts";
import { type RepositoryRef, routeOf } from "./repositories.ts";

/** One attempt of GitHub's to deliver an event, that failed. A redelivery has an id of its own and the same `guid`. */
export interface FailedDelivery {
  readonly id: number;
  /** `X-GitHub-Delivery` */
  readonly guid: string;
  readonly deliveredAt: Date;
  readonly redelivery: boolean;
  readonly event: string;
  readonly action: string | undefined;
}

/** What a user may still ask GitHub for in this hour. */
export interface Allowance {
  readonly remaining: number;
  readonly resetAt: Date;
}

export interface FailedDeliveries {
  /** Newest first. */
  readonly failed: readonly FailedDelivery[];
  /** After this request; undefined where GitHub did not say, as an Enterprise server without limits. */
  readonly allowance: Allowance | undefined;
}

const route = "GET /repos/{owner}/{repo}/hooks/{hook_id}/deliveries";

const deliverySchema = z
  .object({
    id: z.int().positive(),
    guid: z.string(),
    delivered_at: z.coerce.date(),
    redelivery: z.boolean(),
    status: z.string(),
    event: z.string(),
    action: z.string().nullish(),
  })
  .transform(({ status, ...d }): FailedDelivery & { ok: boolean } => ({
    id: d.id,
    guid: d.guid,
    deliveredAt: d.delivered_at,
    redelivery: d.redelivery,
    event: d.event,
    action: d.action ?? undefined,
    ok: status === "OK",
  }));

/**
 * Deliveries since a time that the receiver did not answer with 2XX in time. GitHub keeps them for three days, and never
 * redelivers by itself.
 */
export async function listFailedDeliveries(
  client: GitHubClient,
  repo: RepositoryRef,
  hookId: number,
  { since }: { since: Date },
): Promise<FailedDeliveries> {
  const failed: FailedDelivery[] = [];
  for (let cursor: string | undefined; ;) {
    const answer = await client.send(route, {
      ...routeOf(repo),
      hook_id: hookId,
      per_page: 100,
      status: "failure",
      ...(cursor !== undefined && { cursor }),
    });
    const page = parseAnswer(z.array(deliverySchema), answer, route);
    for (const { ok, ...delivery } of page) {
      // An older Enterprise server does not know the parameter, and lists all.
      if (!ok && delivery.deliveredAt >= since) failed.push(delivery);
    }
    cursor = nextCursor(String(answer.headers["link"] ?? ""));
    const last = page.at(-1);
    if (cursor === undefined || last === undefined || last.deliveredAt < since) {
      return { failed, allowance: allowanceOf(answer) };
    }
  }
}

/** Asks GitHub to deliver once more, under the same GUID. */
export async function redeliverWebhook(
  client: GitHubClient,
  repo: RepositoryRef,
  hookId: number,
  deliveryId: number,
): Promise<void> {
  const again = "POST /repos/{owner}/{repo}/hooks/{hook_id}/deliveries/{delivery_id}/attempts";
  await client.send(again, { ...routeOf(repo), hook_id: hookId, delivery_id: deliveryId });
}

/** The cursor of the next page, out of a Link header. */
function nextCursor(link: string): string | undefined {
  const next = /<([^>]+)>;\s*rel="?next"?/.exec(link)?.[1];
  return (next !== undefined && new URL(next).searchParams.get("cursor")) || undefined;
}

function allowanceOf({ headers }: Answer): Allowance | undefined {
  const [remaining, reset] = [headers["x-ratelimit-remaining"], headers["x-ratelimit-reset"]];
  if (remaining === undefined || reset === undefined) return undefined;
  return { remaining: Number(remaining), resetAt: new Date(Number(reset) * 1_000) };
}
