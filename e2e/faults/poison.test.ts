import { type ScriptedModel, startScriptedModel } from "@nectr/model/testing";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { connect, read } from "../src/api.ts";
import { defective } from "../src/changes.ts";
import { eventOf, untilEvent, untilReviewed } from "../src/outcomes.ts";
import { createShop, openPullRequest, type Shop } from "../src/shop.ts";
import { startWholeSystem, type WholeSystem } from "../src/whole-system.ts";

const redisUrl = inject("redisUrl");

describe.skipIf(redisUrl === undefined)("poison, with the queue in Redis (needs redis-server)", () =>
  tell(`${redisUrl}/9`),
);

describe("poison, with the queue in PostgreSQL", () => tell(undefined));

/** How many workers a job may bring down: the one after them is told to give it up. */
const victims = 6;

function tell(queueUrl: string | undefined): void {
  let nectr: WholeSystem;
  let model: ScriptedModel;
  let shop: Shop;
  /** Called when the model is asked about the pull request that kills. */
  let onPoison: () => void;
  let deadly = true;
  beforeAll(async () => {
    model = await startScriptedModel(({ text }) => {
      if (!deadly || !text.includes("src/poison.ts")) return { summary: "Finds orders.", findings: [] };
      onPoison();
      return { hang: true };
    });
    nectr = await startWholeSystem({
      redisUrl: queueUrl,
      collectOutput: true,
      environment: { OPENAI_BASE_URL: model.baseUrl, OPENAI_MODEL: "scripted" },
    });
    shop = await createShop(nectr.simulator);
  });
  afterAll(async () => {
    await nectr?.[Symbol.asyncDispose]();
    await model?.close();
  });

  async function open(name: string): Promise<string> {
    const head = await nectr.simulator.commit({
      repository: shop.fullName,
      branch: name,
      from: "main",
      files: defective(name),
      message: `Find ${name}`,
      author: "hubot",
    });
    await openPullRequest(nectr.simulator, shop, name);
    return head;
  }

  test(
    "a review that kills every worker fails for good and is shown, others go on, and it can be tried again",
    { timeout: 180_000 },
    async () => {
      const octocat = await nectr.signIn("octocat");
      await connect(octocat, shop);
      let asked = Promise.withResolvers<void>();
      onPoison = () => asked.resolve();
      const poison = await open("poison");
      const others: string[] = [];
      for (let dead = 0; dead < victims; dead += 1) {
        await asked.promise;
        asked = Promise.withResolvers();
        await nectr.worker.kill();
        others.push(await open(`orders${dead}`));
        await nectr.worker.start();
      }
      await untilEvent(nectr.db, poison, { status: "failed", error: expect.stringContaining("log has it") });
      for (const head of others) await untilReviewed(nectr.db, head);
      const event = await eventOf(nectr.db, poison);
      expect(await read(octocat, "/api/v1/events")).toMatchObject({
        events: expect.arrayContaining([
          expect.objectContaining({ event_id: event?.event_id, status: "failed" }),
        ]),
      });

      // As `npm run events -- replay` arms it.
      deadly = false;
      await nectr.db
        .updateTable("webhook_events")
        .set({ status: "pending", error: null, attempts: 0, enqueued_at: null, finished_at: null })
        .where("status", "=", "failed")
        .execute();
      await untilReviewed(nectr.db, poison);
    },
  );
}
