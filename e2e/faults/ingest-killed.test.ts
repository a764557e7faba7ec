import { generateFernetKey } from "@nectr/crypto";
import { afterEach, beforeEach, describe, expect, inject, test, vi } from "vitest";
import { expectReviewedOnce, untilDrained } from "../src/aftermath.ts";
import { connect } from "../src/api.ts";
import { startFlood } from "../src/load.ts";
import { type OpenedPull, openDefective } from "../src/many-pulls.ts";
import { patience } from "../src/outcomes.ts";
import { type ProxiedSystem, startProxiedSystem } from "../src/proxied-system.ts";
import {
  type Delivery,
  deliverUntilTaken,
  type Hook,
  hookOf,
  listDeliveries,
  nobodysDelivery,
  pullRequestDelivery,
  redeliver,
  type WebhookPage,
} from "../src/sender.ts";
import { createShop, type Shop } from "../src/shop.ts";
import type { WholeSystem } from "../src/whole-system.ts";

const full = inject("full");
const redisUrl = inject("redisUrl");

describe("webhook-ingest killed, with the queue in PostgreSQL", () => kill(undefined, full ? 50 : 8));

describe.skipIf(redisUrl === undefined)(
  "webhook-ingest killed, with the queue in Redis (needs redis-server)",
  () => kill(`${redisUrl}/4`, full ? 200 : 50),
);

/** A pull request is opened with every so many kills: GitHub lets one person post few reviews a minute. */
const pullEvery = 8;

function kill(queueUrl: string | undefined, kills: number): void {
  const secretKey = generateFernetKey();
  let system: ProxiedSystem;
  let nectr: WholeSystem;
  let shop: Shop;
  let hook: Hook;
  let page: WebhookPage;
  beforeEach(async () => {
    system = await startProxiedSystem({ redisUrl: queueUrl, environment: { SECRET_KEY: secretKey } });
    ({ nectr } = system);
    shop = await createShop(nectr.simulator);
    await connect(await nectr.signIn("octocat"), shop);
    hook = await hookOf(nectr.db, secretKey, shop);
    const { fullName, tokens } = shop;
    page = { githubUrl: nectr.simulator.url, fullName, hookId: hook.id, token: tokens.octocat };
  });
  afterEach(() => system[Symbol.asyncDispose]());

  test(
    `${kills} times under load: what was answered 200 is there, comes to one end, and is reviewed once`,
    { timeout: 900_000 },
    async () => {
      const pulls: OpenedPull[] = [];
      const load = startFlood(nectr.webhookUrl, 12, () => nextDeliveries(pulls));
      for (let count = 0; count < kills; count++) {
        if (count % pullEvery === 0) pulls.push(await openDefective(nectr.simulator, shop, `orders${count}`));
        const until = load.answers.length + 10 + ((count * 37) % 90);
        await vi.waitUntil(() => load.answers.length >= until, { timeout: 60_000, interval: 1 });
        await nectr.ingest.kill();
        await nectr.ingest.start();
      }
      await load.stop();
      // GitHub's own may have been lost, and it delivers nothing twice by itself.
      for (const pull of pulls) await deliverUntilTaken(nectr.webhookUrl, deliveryOf(pull, "opened"));
      await nectr.simulator.deliveriesSettled();
      await untilDrained(nectr.db, 180_000);

      const delivered = await listDeliveries(page);
      const answered = [
        ...load.answers.map(({ delivery }) => delivery.guid),
        ...delivered.filter(({ status }) => status === "OK").map(({ guid }) => guid),
      ];
      const rows = await nectr.db
        .selectFrom("webhook_events")
        .select(["delivery_guid as guid", "status", "error"])
        .where("hook_id", "=", hook.id)
        .execute();
      const stored = new Set(rows.map(({ guid }) => guid));
      expect(answered.filter((guid) => !stored.has(guid))).toEqual([]);
      expect(rows).toHaveLength(stored.size);
      expect(rows.filter(({ status }) => status === "failed")).toEqual([]);
      await expectReviewedOnce(nectr, shop, pulls);
      expect(nectr.simulator.violations()).toEqual([]);
    },
  );

  // The queue has no part in it.
  test.skipIf(queueUrl !== undefined)(
    "when it has stored a delivery and not yet answered: the redelivery is a duplicate",
    { timeout: 120_000 },
    async () => {
      const onTheWay = system.proxy("webhook-ingest");
      await onTheWay.become({ latencyMs: 1_000 });
      const pull = await openDefective(nectr.simulator, shop, "orders");
      await vi.waitUntil(() => eventOfPull(pull), patience);
      onTheWay.reset();
      await nectr.ingest.kill();
      await onTheWay.become("pass");
      await nectr.ingest.start();
      await nectr.simulator.deliveriesSettled();

      const [failed] = await openings();
      expect(failed).toMatchObject({ status: "failed to connect to host" });
      await redeliver(page, failed?.id ?? 0);
      await expect.poll(async () => (await openings()).at(0)?.status).toBe("OK");
      await untilDrained(nectr.db);
      expect(await eventOfPull(pull)).toMatchObject({ status: "completed", delivery_guid: failed?.guid });
      await expectReviewedOnce(nectr, shop, [pull]);
    },
  );

  /** GitHub's deliveries of a pull request's opening. */
  async function openings() {
    const delivered = await listDeliveries(page);
    return delivered.filter(({ action }) => action === "opened");
  }

  /** Fails where there are two. */
  async function eventOfPull({ headSha }: OpenedPull) {
    const events = await nectr.db
      .selectFrom("webhook_events")
      .select(["status", "delivery_guid"])
      .where("head_sha", "=", headSha)
      .execute();
    expect(events.length).toBeLessThan(2);
    return events[0];
  }

  const deliveryOf = (pull: OpenedPull, action: string) =>
    pullRequestDelivery(hook, shop, { ...pull, action });

  let count = 0;
  /** All that a webhook brings: what is ignored, what is a job, the same twice at once, the same by another name. */
  function nextDeliveries(pulls: readonly OpenedPull[]): Delivery[] {
    count += 1;
    const job = nobodysDelivery(hook, shop);
    const pull = pulls[count % pulls.length];
    switch (count % 8) {
      case 0:
        return [pull === undefined ? job : deliveryOf(pull, "opened")];
      case 1:
      case 2:
        return [job];
      case 3:
        return [job, job];
      default:
        return [{ ...job, event: "issue_comment" }];
    }
  }
}
