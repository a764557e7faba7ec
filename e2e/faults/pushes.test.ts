import { setTimeout as delay } from "node:timers/promises";
import { type ScriptedModel, startScriptedModel } from "@nectr/model/testing";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, inject, test, vi } from "vitest";
import { connect } from "../src/api.ts";
import { defective } from "../src/changes.ts";
import { type Letter, type PostOffice, startPostOffice } from "../src/post-office.ts";
import { createShop, openPullRequest, type Shop } from "../src/shop.ts";
import { startWholeSystem, type WholeSystem } from "../src/whole-system.ts";

const full = inject("full");
const redisUrl = inject("redisUrl");

describe.skipIf(redisUrl === undefined)(
  "pushes upon pushes, with the queue in Redis (needs redis-server)",
  () => tell(`${redisUrl}/7`, full ? 20 : 2),
);

describe("pushes upon pushes, with the queue in PostgreSQL", () => tell(undefined, full ? 20 : 1));

function tell(queueUrl: string | undefined, seeds: number): void {
  let nectr: WholeSystem;
  let model: ScriptedModel;
  let office: PostOffice;
  let shop: Shop;
  beforeAll(async () => {
    // Slower than the pushes come.
    model = await startScriptedModel(() => delay(2_000, { summary: "Finds orders.", findings: [] }));
    nectr = await startWholeSystem({
      redisUrl: queueUrl,
      environment: { OPENAI_BASE_URL: model.baseUrl, OPENAI_MODEL: "scripted" },
      by: async (place, url) =>
        place === "webhook-ingest" ? (office = await startPostOffice(url)).url : url,
    });
    shop = await createShop(nectr.simulator);
    await connect(await nectr.signIn("octocat"), shop);
    await nectr.addWorker();
  });
  afterAll(async () => {
    await nectr?.[Symbol.asyncDispose]();
    await office?.[Symbol.asyncDispose]();
    await model?.close();
  });

  describe.each(Array.from({ length: seeds }, (_, index) => ({ seed: index + 1 })))(
    "seed $seed",
    ({ seed }) => {
      test("20 in 10 s, each told of up to 4 s later: two reviews at most, the last of the newest head", async () => {
        const late = draw(fc.array(fc.nat(4_000), { minLength: 21, maxLength: 21 }));
        const delivered: Promise<void>[] = [];
        office.onLetter = ({ deliver }) => void delivered.push(delay(late.pop() ?? 0).then(deliver));
        const branch = `pushed-${seed}`;
        const heads = [await push(branch, 0)];
        const number = await openPullRequest(nectr.simulator, shop, branch);
        for (let count = 1; count <= 20; count++) {
          await delay(500);
          heads.push(await push(branch, count));
        }
        await expectNewestReviewed(number, heads);
        await Promise.all(delivered);
      });

      test("to six pull requests at once, told of in any order: the same for each", async () => {
        const letters: Letter[] = [];
        office.onLetter = (letter) => void letters.push(letter);
        const pulls = await Promise.all(
          Array.from({ length: 6 }, async (_, index) => {
            const branch = `many-${seed}-${index}`;
            const heads = [await push(branch, 0)];
            const number = await openPullRequest(nectr.simulator, shop, branch);
            for (let count = 1; count <= 5; count++) heads.push(await push(branch, count));
            return { number, heads };
          }),
        );
        await vi.waitFor(() => expect(letters).toHaveLength(36), { timeout: 20_000 });
        const shuffled = draw(fc.shuffledSubarray(letters, { minLength: letters.length }));
        for (const { deliver } of shuffled) await deliver();
        for (const { number, heads } of pulls) await expectNewestReviewed(number, heads);
      });

      function draw<T>(from: fc.Arbitrary<T>): T {
        const [drawn] = fc.sample(from, { seed, numRuns: 1 });
        if (drawn === undefined) throw new Error("nothing was drawn");
        return drawn;
      }
    },
  );

  /** Pushes a further defect to a branch. @returns the head. */
  async function push(branch: string, count: number): Promise<string> {
    return await nectr.simulator.commit({
      repository: shop.fullName,
      branch,
      from: "main",
      files: defective(`orders${count}`),
      message: `Push ${count}`,
      author: "hubot",
    });
  }

  async function expectNewestReviewed(number: number, heads: readonly string[]): Promise<void> {
    const events = nectr.db.selectFrom("webhook_events").where("event", "=", "pull_request");
    await vi.waitFor(
      async () => {
        const rows = await events.where("number", "=", number).select(["head_sha", "status"]).execute();
        expect(new Set(rows.map((row) => row.head_sha))).toEqual(new Set(heads));
        expect(rows).toHaveLength(heads.length);
        for (const { status } of rows) expect(["completed", "superseded"]).toContain(status);
      },
      { timeout: 90_000, interval: 100 },
    );
    const newest = heads.at(-1) ?? "";
    const posted = nectr.simulator.reviews(shop.fullName, number).map(({ commitId }) => commitId);
    expect(posted.length).toBeLessThanOrEqual(2);
    expect(posted.at(-1)).toBe(newest);
    expect(new Set(posted).size).toBe(posted.length);
    const summaries = nectr.simulator.comments(shop.fullName, number);
    expect(summaries).toMatchObject([{ body: expect.stringContaining(newest.slice(0, 7)) }]);

    const reviews = nectr.db.selectFrom("reviews").select(["head_sha", "status"]);
    const rows = await reviews.where("number", "=", number).orderBy("finished_at").execute();
    const recorded = rows.filter(({ status }) => status === "posted").map((row) => row.head_sha);
    expect(recorded).toEqual(posted);
    expect(rows.filter(({ status }) => status !== "posted" && status !== "superseded")).toEqual([]);
  }
}
