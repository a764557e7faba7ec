import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { expectReviewedOnce, untilDrained } from "../src/aftermath.ts";
import type { Conduct, FaultProxy } from "../src/fault-proxy.ts";
import { startTrickle } from "../src/load.ts";
import { openDefective } from "../src/many-pulls.ts";
import { type ReviewingSystem, startReviewingSystem } from "../src/reviewing-system.ts";
import { deliverUntilTaken, nobodysDelivery, pullRequestDelivery } from "../src/sender.ts";

const redisUrl = inject("redisUrl");

/** What PostgreSQL does, and for how many seconds. */
type Outage = readonly [Extract<Conduct, "refuse" | "black hole">, number];

const outages: readonly Outage[] = [
  ["refuse", 1],
  ["refuse", 20],
  ["black hole", 1],
  ["black hole", 20],
];
const full = inject("full");

describe("PostgreSQL away, with the queue in it", () => lose(undefined, full ? outages : outages.slice(3)));
describe.skipIf(redisUrl === undefined)("PostgreSQL away, with the queue in Redis (needs redis-server)", () =>
  lose(`${redisUrl}/5`, full ? outages : outages.toSpliced(2, 1)),
);

function lose(queueUrl: string | undefined, some: readonly Outage[]): void {
  let system: ReviewingSystem;
  let onTheWay: FaultProxy;
  beforeAll(async () => {
    system = await startReviewingSystem({ redisUrl: queueUrl });
    onTheWay = system.proxy("PostgreSQL");
  });
  afterAll(() => system[Symbol.asyncDispose]());

  test.each(some)(
    "%s for %i s: deliveries are refused within a second, and what was taken is reviewed once",
    { timeout: 300_000 },
    expectNoLoss,
  );

  test(
    "forgotten by a router on the way: what was taken is reviewed once",
    { timeout: 300_000 },
    async () => {
      const { nectr, shop } = system;
      const model = system.holdModel();
      const underReview = await openDefective(nectr.simulator, shop, "before");
      await model.asked;
      onTheWay.forget();
      model.release();
      const opened = await openDefective(nectr.simulator, shop, "after");
      const delivery = pullRequestDelivery(system.hook, shop, { ...opened, action: "opened" });
      await deliverUntilTaken(nectr.webhookUrl, delivery);
      await untilDrained(nectr.db, 120_000);
      await expectReviewedOnce(nectr, shop, [underReview, opened]);
    },
  );

  let scenes = 0;
  async function expectNoLoss(conduct: Outage[0], seconds: number): Promise<void> {
    const { nectr, shop, hook } = system;
    scenes += 1;
    const model = system.holdModel();
    const underReview = await openDefective(nectr.simulator, shop, `before${scenes}`);
    await model.asked;
    await nectr.simulator.deliveriesSettled();
    await onTheWay.become(conduct);
    const load = startTrickle(nectr.webhookUrl, () => nobodysDelivery(hook, shop));
    const opened = await openDefective(nectr.simulator, shop, `during${scenes}`);
    const delivery = pullRequestDelivery(hook, shop, { ...opened, action: "opened" });
    model.release();
    await delay(seconds * 1_000);
    await load.stop();
    await onTheWay.become("pass");

    expect(new Set(load.answers.map(({ answer }) => answer.status))).toEqual(new Set([503]));
    const times = load.answers.map(({ answer }) => answer.ms).toSorted((a, b) => a - b);
    // The promise; on a machine with much else to do the slowest may have waited for their turn.
    expect(times[Math.floor(times.length / 2)]).toBeLessThan(1_000);
    expect(times.at(-1)).toBeLessThan(2_000);

    await deliverUntilTaken(nectr.webhookUrl, delivery);
    await untilDrained(nectr.db, 180_000);
    await expectReviewedOnce(nectr, shop, [underReview, opened]);
  }
}
