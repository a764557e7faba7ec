import { startTestRedis, type TestRedis } from "@nectr/queue/testing";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { expectReviewedOnce, untilDrained } from "../src/aftermath.ts";
import { startFlood } from "../src/load.ts";
import { openDefective } from "../src/many-pulls.ts";
import { type ReviewingSystem, startReviewingSystem } from "../src/reviewing-system.ts";
import { deliver, nobodysDelivery } from "../src/sender.ts";

const full = inject("full");

/** Begins a trouble. @returns what ends it. */
type Trouble = (system: ReviewingSystem, redis: TestRedis | undefined) => Promise<() => Promise<void>>;

const troubles: Readonly<Record<string, Trouble>> = {
  "a model that hangs": async () => async () => {},
  "deliveries coming in": flood,
  "a PostgreSQL that is silent": silence("PostgreSQL"),
  "a GitHub that hangs": async ({ nectr: { simulator } }) => {
    simulator.faults.add({ effect: { kind: "hang", when: "before" } });
    return async () => simulator.faults.clear();
  },
  "a Redis that is silent": silence("Redis"),
  "a Redis that is dead": async (_system, redis) => {
    await redis?.kill();
    return async () => redis?.start();
  },
};

function silence(place: "PostgreSQL" | "Redis"): Trouble {
  return async (system) => {
    await system.proxy(place).become("black hole");
    return () => system.proxy(place).become("pass");
  };
}

async function flood({ nectr, hook, shop }: ReviewingSystem): Promise<() => Promise<void>> {
  const load = startFlood(nectr.webhookUrl, 8, () => [nobodysDelivery(hook, shop)]);
  await expect.poll(() => load.answers.length).toBeGreaterThan(50);
  return async () => {
    await load.stop();
    const stored = await nectr.db.selectFrom("webhook_events").select("delivery_guid as guid").execute();
    const guids = new Set(stored.map(({ guid }) => guid));
    expect(load.answers.filter(({ delivery }) => !guids.has(delivery.guid))).toEqual([]);
  };
}

describe("asked to stop, with the queue in PostgreSQL", () =>
  stop(
    async () => undefined,
    full ? Object.keys(troubles).filter((name) => !name.includes("Redis")) : ["a PostgreSQL that is silent"],
  ));

describe.skipIf(inject("redisUrl") === undefined)(
  "asked to stop, with the queue in Redis (needs redis-server)",
  () => stop(startTestRedis, Object.keys(troubles)),
);

function stop(startRedis: () => Promise<TestRedis | undefined>, names: readonly string[]): void {
  let redis: TestRedis | undefined;
  let system: ReviewingSystem;
  beforeAll(async () => {
    redis = await startRedis();
    system = await startReviewingSystem({ redisUrl: redis?.url });
  });
  afterAll(async () => {
    await system[Symbol.asyncDispose]();
    await redis?.[Symbol.asyncDispose]();
  });

  let scenes = 0;
  test.each(names)(
    "beside %s: each service ends in order within 30 s, and what was under way is reviewed once",
    { timeout: 180_000 },
    async (name) => {
      const { nectr, shop, hook, session } = system;
      const programs = { auth: nectr.auth, ingest: nectr.ingest, worker: nectr.worker };
      const model = system.holdModel();
      const pull = await openDefective(nectr.simulator, shop, `orders${++scenes}`);
      await model.asked;
      const end = await troubles[name]?.(system, redis);

      // What asks auth and webhook-ingest for something just now, and may get no answer.
      const asking = Promise.allSettled([
        session.request("GET", "/api/v1/repos"),
        session.request("GET", "/api/v1/reviews"),
        ...Array.from({ length: 5 }, () => deliver(nectr.webhookUrl, nobodysDelivery(hook, shop))),
      ]);
      // By the time that this is answered, they have it.
      for (const { url } of [nectr.auth, nectr.ingest]) await fetch(`${url}/health/live`);
      const start = performance.now();
      const stopped = Object.entries(programs).map(async ([service, program]) => {
        const exitCode = await program.stop();
        return { service, exitCode, seconds: (performance.now() - start) / 1_000 };
      });
      for (const { service, exitCode, seconds } of await Promise.all(stopped)) {
        expect(`${service} ended with ${exitCode}`).toBe(`${service} ended with 0`);
        expect(seconds).toBeLessThan(30);
      }

      await asking;
      model.release();
      await Promise.all([...Object.values(programs).map((program) => program.start()), end?.()]);
      await untilDrained(nectr.db, 120_000);
      await expectReviewedOnce(nectr, shop, [pull]);
    },
  );
}
