import { type FullDisk, prepareFullDisk } from "@nectr/db/testing";
import { afterAll, beforeAll, describe, expect, inject, test, vi } from "vitest";
import { expectReviewedOnce, untilDrained } from "../src/aftermath.ts";
import { openDefective } from "../src/many-pulls.ts";
import { patience } from "../src/outcomes.ts";
import { type ReviewingSystem, startReviewingSystem } from "../src/reviewing-system.ts";
import { deliver, deliverUntilTaken, nobodysDelivery, pullRequestDelivery } from "../src/sender.ts";

const redisUrl = inject("redisUrl");

describe("PostgreSQL's disk is full, with the queue in it", () => fill(undefined));
// Of Redis it is no matter: a second look, where there is time.
describe.skipIf(redisUrl === undefined || !inject("full"))(
  "PostgreSQL's disk is full, with the queue in Redis (needs redis-server and --full)",
  () => fill(`${redisUrl}/7`),
);

function fill(queueUrl: string | undefined): void {
  let system: ReviewingSystem;
  let disk: FullDisk;
  beforeAll(async () => {
    system = await startReviewingSystem({ redisUrl: queueUrl });
    disk = await prepareFullDisk(system.nectr.db);
  });
  afterAll(() => system[Symbol.asyncDispose]());

  test(
    "deliveries are refused with 503 and nothing of them is kept, until there is space",
    { timeout: 120_000 },
    async () => {
      const { nectr, shop, hook } = system;
      await nectr.simulator.deliveriesSettled();
      const before = await nectr.db.selectFrom("webhook_events").select("event_id").execute();
      await disk.fill();
      const deliveries = Array.from({ length: 20 }, () => nobodysDelivery(hook, shop));
      const pull = await openDefective(nectr.simulator, shop, "orders");
      const answers = await Promise.all(deliveries.map((delivery) => deliver(nectr.webhookUrl, delivery)));
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([503]));
      await nectr.simulator.deliveriesSettled();
      expect(await nectr.db.selectFrom("webhook_events").select("event_id").execute()).toEqual(before);

      await disk.free();
      const opened = pullRequestDelivery(hook, shop, { ...pull, action: "opened" });
      for (const delivery of [...deliveries, opened]) await deliverUntilTaken(nectr.webhookUrl, delivery);
      await untilDrained(nectr.db);
      await expectReviewedOnce(nectr, shop, [pull]);
    },
  );

  test.each([
    ["when the model's answer is to be saved", "model"],
    ["when it is to be noted that GitHub has the review", "posting"],
  ])(
    "full %s: once there is space again there is one review",
    { timeout: 180_000 },
    async (_when, moment) => {
      const { nectr, shop } = system;
      const model = system.holdModel();
      const before = await disk.refusals("workflow_runs");
      const pull = await openDefective(nectr.simulator, shop, moment);
      await model.asked;
      if (moment === "posting") {
        nectr.simulator.faults.add({
          method: "POST",
          path: /\/reviews$/,
          times: 1,
          effect: { kind: "hold", until: disk.fill },
        });
      } else {
        await disk.fill();
      }
      model.release();
      await vi.waitUntil(async () => (await disk.refusals("workflow_runs")) > before, patience);
      await disk.free();
      await untilDrained(nectr.db, 120_000);
      await expectReviewedOnce(nectr, shop, [pull]);
    },
  );
}
