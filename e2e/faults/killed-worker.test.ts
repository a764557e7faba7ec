import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { expectOneOfEach, standStill, untilEnded, untilStanding } from "../src/kill-outcome.ts";
import { killPoints } from "../src/kill-points.ts";
import { type Act, type KillStage, leave, startKillStage } from "../src/kill-stage.ts";

const full = inject("full");
const redisUrl = inject("redisUrl");
const limit = 180_000;

/** What is done to a worker that stands at every point at once, with a pull request at each. */
interface Way {
  readonly name: string;
  readonly end: (stage: KillStage, acts: readonly Act[]) => Promise<void>;
}

const killedTwice: Way = {
  name: "killed, and so is the one that takes its place",
  async end({ nectr }, acts) {
    await nectr.worker.kill();
    await leave(acts);
    nectr.simulator.faults.clear();
    const reached = await standStill(acts.filter(({ point }) => point.recurs));
    await nectr.worker.start();
    await reached();
    await nectr.worker.kill();
    await leave(acts);
    await nectr.worker.start();
  },
};

const replaced: Way = {
  name: "killed, and another one goes on",
  async end({ nectr }, acts) {
    const other = await nectr.addWorker();
    await nectr.worker.kill();
    await leave(acts);
    await Promise.all(acts.map((act) => untilEnded(act)));
    await other.stop();
    await nectr.worker.start();
  },
};

const startedAgain: Way = {
  name: "killed, and started again",
  async end({ nectr }, acts) {
    await nectr.worker.kill();
    await leave(acts);
    await nectr.worker.start();
  },
};

const stopped: Way = {
  name: "stopped, and it hands back what it has, ends in time, and is started again",
  async end({ nectr }, acts) {
    const code = nectr.worker.stop();
    await leave(acts);
    expect(await code).toBe(0);
    await nectr.worker.start();
  },
};

describe.skipIf(redisUrl === undefined)("a worker, with the queue in Redis (needs redis-server)", () =>
  tell(`${redisUrl}/5`, [killedTwice, replaced, startedAgain], full ? 20 : 3),
);

describe("a worker, with the queue in PostgreSQL", () =>
  tell(undefined, [killedTwice, stopped, replaced, startedAgain], full ? 20 : 2));

function tell(queueUrl: string | undefined, ways: readonly Way[], rounds: number): void {
  let stage: KillStage;
  beforeAll(async () => {
    stage = await startKillStage(killPoints, queueUrl);
  }, limit);
  afterAll(async () => await stage?.[Symbol.asyncDispose]());

  const turns = Array.from({ length: rounds }, (_, round) => ({ round, ...ways[round % ways.length] }));
  describe.each(turns)("round $round: $name", ({ end }) => {
    let acts: Act[];
    beforeAll(async () => {
      acts = await untilStanding(stage);
      await end?.(stage, acts);
    }, limit);

    test.each(killPoints.map((point, index) => ({ ...point, index })))("while $name", async ({ index }) => {
      const act = acts[index];
      if (act === undefined) throw new Error("nothing happened at this point");
      await untilEnded(act);
      await expectOneOfEach(act);
    });

    test("no answer of the model is asked for again once it is saved", () => {
      expect(stage.paidTwice).toEqual([]);
    });
  });
}
