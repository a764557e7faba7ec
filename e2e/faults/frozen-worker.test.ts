import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { expectOneOfEach, untilEnded, untilStanding } from "../src/kill-outcome.ts";
import { killPoints } from "../src/kill-points.ts";
import { type Act, type KillStage, leave, startKillStage } from "../src/kill-stage.ts";

const full = inject("full");
const redisUrl = inject("redisUrl");
const limit = 180_000;

describe.skipIf(redisUrl === undefined)(
  "a worker frozen past its lock, with the queue in Redis (needs redis-server)",
  () => tell(`${redisUrl}/6`, full ? 20 : 1),
);

describe("a worker frozen past its lock, with the queue in PostgreSQL", () => tell(undefined, full ? 20 : 1));

/** The worker stands at every point at once, with a pull request at each. What it waits for comes while it is frozen. */
function tell(queueUrl: string | undefined, rounds: number): void {
  let stage: KillStage;
  beforeAll(async () => {
    stage = await startKillStage(killPoints, queueUrl);
  }, limit);
  afterAll(async () => await stage?.[Symbol.asyncDispose]());

  describe.each(Array.from({ length: rounds }, (_, round) => ({ round })))("round $round", () => {
    let acts: Act[];
    let writesWhenItWoke: number;
    beforeAll(async () => {
      const { worker, simulator, addWorker } = stage.nectr;
      const held = Promise.withResolvers<void>();
      acts = await untilStanding(stage, held.promise);
      worker.signal("SIGSTOP");
      held.resolve();
      await leave(acts);

      const other = await addWorker();
      await Promise.all(acts.map((act) => untilEnded(act)));
      await other.stop();
      writesWhenItWoke = simulator.writes().length;
      worker.signal("SIGCONT");
      // It ends what it believes to have, or hands it back.
      expect(await worker.stop()).toBe(0);
      await worker.start();
    }, limit);

    test("it writes nothing to GitHub when it wakes", () => {
      const writes = stage.nectr.simulator.writes().slice(writesWhenItWoke);
      expect(writes.map(({ method, path }) => `${method} ${path}`)).toEqual([]);
    });

    test.each(killPoints.map((point, index) => ({ ...point, index })))("while $name", async ({ index }) => {
      const act = acts[index];
      if (act === undefined) throw new Error("nothing happened at this point");
      await untilEnded(act);
      await expectOneOfEach(act);
    });
  });
}
