import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { expectReviewedOnce, untilDrained } from "../src/aftermath.ts";
import { openDefective } from "../src/many-pulls.ts";
import { type ReviewingSystem, startReviewingSystem } from "../src/reviewing-system.ts";
import { deliver, deliverUntilTaken, type Delivery, pullRequestDelivery } from "../src/sender.ts";

const redisUrl = inject("redisUrl");

describe("one event delivered many times, with the queue in PostgreSQL", () => repeat(undefined));
describe.skipIf(redisUrl === undefined)(
  "one event delivered many times, with the queue in Redis (needs redis-server)",
  () => repeat(`${redisUrl}/6`),
);

/** A webhook that somebody else made for the repository. It has the secret that is configured for all. */
const otherHook = { id: 4_711, secret: "of whoever made the webhook by hand" };

function repeat(queueUrl: string | undefined): void {
  let system: ReviewingSystem;
  beforeAll(async () => {
    system = await startReviewingSystem({
      redisUrl: queueUrl,
      environment: { GITHUB_WEBHOOK_SECRET: otherHook.secret },
    });
  });
  afterAll(() => system[Symbol.asyncDispose]());

  /** A pull request of which GitHub's own delivery has not come. */
  async function openUnheard(name: string) {
    const { nectr, shop } = system;
    await nectr.ingest.stop();
    const pull = await openDefective(nectr.simulator, shop, name);
    await nectr.simulator.deliveriesSettled();
    await nectr.ingest.start();
    return pull;
  }

  const eventsOf = ({ guid }: Delivery) =>
    system.nectr.db
      .selectFrom("webhook_events")
      .select(["event_id as id", "hook_id as hook", "status", "duplicate_of as first", "attempts"])
      .where("delivery_guid", "=", guid)
      .orderBy("event_id")
      .execute();

  test(
    "1,000 copies at once: one event, one job, one review, and each is taken",
    { timeout: 120_000 },
    async () => {
      const { nectr, shop, hook } = system;
      const pull = await openUnheard("copies");
      const delivery = pullRequestDelivery(hook, shop, { ...pull, action: "opened" });
      const answers = await Promise.all(
        // On a machine with much else to do some are asked to come again.
        Array.from({ length: 1_000 }, () => deliverUntilTaken(nectr.webhookUrl, delivery)),
      );
      expect(answers.filter(({ outcome }) => outcome === "queued").length).toBeLessThanOrEqual(1);
      expect(new Set(answers.map(({ eventId }) => eventId)).size).toBe(1);
      await untilDrained(nectr.db);
      // A second job would have made a second attempt.
      expect(await eventsOf(delivery)).toEqual([
        { id: answers[0]?.eventId, hook: hook.id, status: "completed", first: null, attempts: 1 },
      ]);
      await expectReviewedOnce(nectr, shop, [pull]);
    },
  );

  test(
    "the same GUID by another webhook of the repository: a row of its own, and no second review",
    { timeout: 120_000 },
    async () => {
      const { nectr, shop, hook } = system;
      const pull = await openUnheard("hooks");
      const delivery = pullRequestDelivery(hook, shop, { ...pull, action: "opened" });
      const first = await deliver(nectr.webhookUrl, delivery);
      const second = await deliver(nectr.webhookUrl, { ...delivery, hook: otherHook });
      expect(first).toMatchObject({ status: 200, outcome: "queued" });
      expect(second).toMatchObject({ status: 200, outcome: "duplicate", eventId: first.eventId });
      await untilDrained(nectr.db);
      expect(await eventsOf(delivery)).toMatchObject([
        { id: first.eventId, hook: hook.id, status: "completed" },
        { hook: otherHook.id, status: "duplicate", first: first.eventId },
      ]);
      await expectReviewedOnce(nectr, shop, [pull]);
    },
  );
}
