import { setTimeout as delay } from "node:timers/promises";
import { startTestRedis, type TestRedis } from "@nectr/queue/testing";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { expectReviewedOnce, untilDrained } from "../src/aftermath.ts";
import type { FaultProxy } from "../src/fault-proxy.ts";
import { startTrickle } from "../src/load.ts";
import { openDefective } from "../src/many-pulls.ts";
import { type ReviewingSystem, startReviewingSystem } from "../src/reviewing-system.ts";
import { nobodysDelivery } from "../src/sender.ts";

const full = inject("full");

describe.skipIf(inject("redisUrl") === undefined)("Redis away (needs redis-server)", () => {
  let redis: TestRedis;
  let system: ReviewingSystem;
  let onTheWay: FaultProxy;
  beforeAll(async () => {
    redis = await startTestRedis();
    system = await startReviewingSystem({ redisUrl: redis.url });
    onTheWay = system.proxy("Redis");
  });
  afterAll(async () => {
    await system[Symbol.asyncDispose]();
    await redis[Symbol.asyncDispose]();
  });

  const killedFor = (seconds: number) => async () => {
    await redis.kill();
    await delay(seconds * 1_000);
    await redis.start();
  };
  const behindFor = (seconds: number) => async () => {
    await onTheWay.become("black hole");
    await delay(seconds * 1_000);
    await onTheWay.become("pass");
  };

  test.each<[string, () => Promise<void>]>([
    ["killed for 1 s", killedFor(1)],
    ["killed for 20 s", killedFor(20)],
    ["behind a network that says nothing for 10 s", behindFor(10)],
    ["behind a router that has forgotten its connections", async () => onTheWay.forget()],
    ["behind a network that resets connections for 5 s", resets],
    ["back without its data", emptied],
    ...(full ? ([["killed for 5 minutes", killedFor(300)]] satisfies [string, () => Promise<void>][]) : []),
  ])(
    "%s: deliveries are answered 200, and each pull request is reviewed once",
    { timeout: 600_000 },
    expectNoLoss,
  );

  async function resets(): Promise<void> {
    for (let second = 0; second < 5; second++) {
      await onTheWay.become(second % 2 === 0 ? "pass" : "reset new");
      onTheWay.reset();
      await delay(1_000);
    }
    await onTheWay.become("pass");
  }

  async function emptied(): Promise<void> {
    await redis.kill();
    await redis.start();
    await redis.flush();
  }

  /** As if a minute had gone by: by then the queue should long have been heard of, and what it lost is looked for. */
  async function letMinutePass(): Promise<void> {
    await system.nectr.db
      .updateTable("webhook_events")
      .set({ enqueued_at: new Date(Date.now() - 61_000) })
      .where("status", "in", ["pending", "processing"])
      .where("enqueued_at", "is not", null)
      .execute();
  }

  let scenes = 0;
  async function expectNoLoss(_name: string, outage: () => Promise<void>): Promise<void> {
    const { nectr, shop, hook } = system;
    scenes += 1;
    const model = system.holdModel();
    const underReview = await openDefective(nectr.simulator, shop, `before${scenes}`);
    await model.asked;
    const load = startTrickle(nectr.webhookUrl, () => nobodysDelivery(hook, shop));
    const over = outage();
    const opened = await openDefective(nectr.simulator, shop, `during${scenes}`);
    model.release();
    await over;
    await load.stop();
    if (outage === emptied) await letMinutePass();

    expect(new Set(load.answers.map(({ answer }) => answer.status))).toEqual(new Set([200]));
    await untilDrained(nectr.db, 120_000);
    await expectReviewedOnce(nectr, shop, [underReview, opened]);
  }
});
