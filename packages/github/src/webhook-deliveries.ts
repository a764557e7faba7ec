import { z } from "zod";
import { parseAnswer } from "./answers.ts";
import type { GitHubClient } from "./client.ts";
import { type RepositoryRef, routeOf } from "./repositories.ts";

/** One attempt of GitHub's to deliver an event; a redelivery has an id of its own and the same `guid`. */
export interface WebhookDelivery {
  readonly id: number;
  /** `X-GitHub-Delivery` */
  readonly guid: string;
  readonly deliveredAt: Date;
  readonly redelivery: boolean;
  /** Whether the receiver answered 2XX in time. */
  readonly ok: boolean;
  readonly event: string;
  readonly action: string | undefined;
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
  .transform((d): WebhookDelivery => ({
    id: d.id,
    guid: d.guid,
    deliveredAt: d.delivered_at,
    redelivery: d.redelivery,
    ok: d.status === "OK",
    event: d.event,
    action: d.action ?? undefined,
  }));

/** Deliveries since a time, newest first. GitHub keeps them for three days, and never redelivers by itself. */
export async function listWebhookDeliveries(
  client: GitHubClient,
  repo: RepositoryRef,
  hookId: number,
  { since }: { since: Date },
): Promise<WebhookDelivery[]> {
  const deliveries: WebhookDelivery[] = [];
  for (let cursor: string | undefined; ;) {
    const parameters = {
      ...routeOf(repo),
      hook_id: hookId,
      per_page: 100,
      ...(cursor !== undefined && { cursor }),
    };
    const answer = await client.send(route, parameters, { fresh: true });
    const page = parseAnswer(z.array(deliverySchema), answer, route);
    deliveries.push(...page.filter(({ deliveredAt }) => deliveredAt >= since));
    cursor = nextCursor(String(answer.headers["link"] ?? ""));
    const last = page.at(-1);
    if (cursor === undefined || last === undefined || last.deliveredAt < since) return deliveries;
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
