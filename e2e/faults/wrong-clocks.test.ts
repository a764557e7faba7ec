import { describe, expect, inject, test } from "vitest";
import { expectOneOfEach, untilEnded, untilStanding } from "../src/kill-outcome.ts";
import { killPoints } from "../src/kill-points.ts";
import { type Act, leave, startKillStage } from "../src/kill-stage.ts";

const redisUrl = inject("redisUrl");
const limit = { timeout: 480_000 };
const clock = new URL("../src/shifted-clock.ts", import.meta.url).href;
/** Has a program's clock be wrong. @param from the signal at which it becomes so. */
const wrongBy = (ms: number, from = "") => ({ NODE_OPTIONS: `--import ${clock}?ms=${ms}${from}` });
const places = killPoints.filter(({ name }) =>
  /^(waiting for the model|posting|editing|about to)/.test(name),
);
const clocks = [
  ["an hour ahead", 3_600_000],
  ["an hour behind", -3_600_000],
] as const;

// With the queue in PostgreSQL a job stays locked by the clock of whoever took it: one that is an hour ahead, and dies,
// leaves it so for an hour. So that it dies is told with Redis alone, whose locks last by its own clock.

describe("with the queue in PostgreSQL", () => {
  test.each(clocks)(
    "a worker whose clock is %s reviews each once, together with a right one",
    limit,
    async (_, ms) => {
      await using stage = await startKillStage(places, undefined);
      const wrong = await stage.nectr.addWorker(wrongBy(ms));
      const acts = await stage.prepare();
      for (const act of acts) await stage.begin(act);
      await expectAllReviewed(acts);
      expect(await wrong.stop()).toBe(0);
    },
  );
});

describe.skipIf(redisUrl === undefined)("with the queue in Redis (needs redis-server)", () => {
  const queueUrl = `${redisUrl}/8`;

  // Only behind: what one that is ahead has put off, to keep a second between its writes, is due by its own clock.
  test.each(clocks.slice(1))(
    "a worker whose clock is %s dies in the middle, and a right one goes on",
    limit,
    async (_, ms) => {
      await using stage = await startKillStage(places, queueUrl);
      await stage.nectr.worker.stop();
      const wrong = await stage.nectr.addWorker(wrongBy(ms));
      const acts = await untilStanding(stage);
      await stage.nectr.worker.start();
      await wrong.kill();
      await leave(acts);
      await expectAllReviewed(acts);
    },
  );

  // Only ahead: set back, Bottleneck, which paces Octokit, makes every request wait until it is that late again.
  test(
    "a worker whose clock gets an hour ahead in the middle posts each once, beside a right one",
    limit,
    async () => {
      const held = Promise.withResolvers<void>();
      await using stage = await startKillStage(places, queueUrl);
      await stage.nectr.worker.stop();
      const wrong = await stage.nectr.addWorker(wrongBy(3_600_000, "&from=SIGUSR2"));
      const acts = await untilStanding(stage, held.promise);
      await stage.nectr.worker.start();
      wrong.signal("SIGUSR2");
      held.resolve();
      await leave(acts);
      await expectAllReviewed(acts);
    },
  );
});

/** Where a job was lost between two clocks, the sweep brings it back within two minutes. */
async function expectAllReviewed(acts: readonly Act[]): Promise<void> {
  for (const act of acts) {
    await untilEnded(act, 240_000);
    await expectOneOfEach(act);
  }
}
