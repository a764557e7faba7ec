import { afterAll, beforeAll, expect, test } from "vitest";
import { expectOneOfEach, untilEnded, untilStanding } from "../src/kill-outcome.ts";
import { killPoints } from "../src/kill-points.ts";
import { type Act, type KillStage, startKillStage } from "../src/kill-stage.ts";

// GitHub takes a request and never answers, until the worker's patience with it is over: half a minute.

const places = killPoints.filter(({ name }) =>
  /^(asking for its files|posting|dismissing|editing|looking for a review)/.test(name),
);
const limit = 180_000;
let stage: KillStage;
let acts: Act[];

beforeAll(async () => {
  stage = await startKillStage(places, undefined);
  acts = await untilStanding(stage);
}, limit);
afterAll(async () => await stage?.[Symbol.asyncDispose]());

test.each(places.map(({ name }, index) => ({ name, index })))(
  "GitHub never answers $name: the review is there once",
  { timeout: limit },
  async ({ index }) => {
    const act = acts[index];
    if (act === undefined) throw new Error("nothing happened at this point");
    await untilEnded(act, 150_000);
    await expectOneOfEach(act);
    const { fullName } = act.repository;
    const posts = stage.nectr.simulator
      .requests()
      .filter(({ method, path }) => method === "POST" && path.startsWith(`/repos/${fullName}/`));
    for (const path of new Set(posts.map((post) => post.path))) {
      expect(posts.filter((post) => post.path === path).length).toBeLessThanOrEqual(2 * act.heads.length);
    }
  },
);
