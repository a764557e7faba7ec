import { type ScriptedModel, startScriptedModel } from "@nectr/model/testing";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { createShop, type Shop } from "./src/shop.ts";
import { startWholeSystem, type WholeSystem } from "./src/whole-system.ts";

/** A line on which the analysers and the scripted model each find something of their own. */
const defective = `
export async function findOrders(db: { query(sql: string): Promise<unknown> }, customer: string) {
  return await db.query(\`SELECT * FROM orders WHERE customer = '\${customer}'\`);
}
`;

let nectr: WholeSystem;
let shop: Shop;
let model: ScriptedModel;
/** What happens when the model is asked, besides its answer. */
let onModelAsked: () => "answer" | "hang";

beforeAll(async () => {
  model = await startScriptedModel(() => {
    if (onModelAsked() === "hang") return { hang: true };
    return { summary: "Adds a search for orders.", findings: [] };
  });
  nectr = await startWholeSystem({
    environment: { OPENAI_BASE_URL: model.baseUrl, OPENAI_MODEL: "scripted" },
  });
  shop = await createShop(nectr.simulator);
  const octocat = await nectr.signIn("octocat");
  await octocat.request("POST", "/api/v1/repos/octocat/shop/install", {});
});
afterAll(async () => {
  await nectr[Symbol.asyncDispose]();
  await model.close();
});
beforeEach(() => {
  onModelAsked = () => "answer";
  nectr.simulator.faults.clear();
});

/** Stages of a review, each by what makes the worker stand still in it. `reached` is to be called then. */
const stages: Record<string, (reached: () => void, number: number) => void> = {
  "asking for the pull request": (reached, number) => hang("GET", `/pulls/${number}$`, "before", reached),
  "asking for its files": (reached) => hang("GET", "/files$", "before", reached),
  "asking for a file's text": (reached) => hang("GET", "/contents/src", "before", reached),
  "waiting for the model": (reached) => {
    onModelAsked = () => {
      reached();
      return "hang";
    };
  },
  "about to post, the model's answer being paid for": (reached, number) => {
    onModelAsked = () => {
      hang("GET", `/pulls/${number}$`, "before", reached);
      return "answer";
    };
  },
  "posting the review, which GitHub did not get": (reached) => hang("POST", "/reviews$", "before", reached),
  "posting the review, which GitHub has": (reached) => hang("POST", "/reviews$", "after", reached),
  "posting the summary, which GitHub did not get": (reached) => hang("POST", "/comments$", "before", reached),
  "posting the summary, which GitHub has": (reached) => hang("POST", "/comments$", "after", reached),
};

function hang(method: string, path: string, when: "before" | "after", onMeet: () => void): void {
  nectr.simulator.faults.add({
    method,
    path: new RegExp(path),
    times: 1,
    effect: { kind: "hang", when },
    onMeet,
  });
}

test.each(Object.entries(stages))("killed while %s", { timeout: 60_000 }, async (_stage, arrange) => {
  const number = nextNumber();
  const reached = Promise.withResolvers<void>();
  arrange(reached.resolve, number);
  await openPullRequest(number);

  await reached.promise;
  await nectr.worker.kill();
  onModelAsked = () => "answer";
  const paidBefore = await paidAnswers(number);
  await nectr.worker.start();

  await untilReviewed(number);
  await expectOneOfEach(number);
  // An answer that had arrived was not asked for again.
  if (paidBefore > 0) expect(await paidAnswers(number)).toBe(paidBefore);
});

test("killed while noting that all is done", { timeout: 60_000 }, async () => {
  const number = nextNumber();
  // Nobody can note the end of the event while this transaction holds its row.
  const locked = Promise.withResolvers<void>();
  const release = Promise.withResolvers<void>();
  let holding: Promise<void> | undefined;
  onModelAsked = () => {
    holding = nectr.db.transaction().execute(async (tx) => {
      await tx
        .selectFrom("webhook_events")
        .select("event_id")
        .where("number", "=", number)
        .forUpdate()
        .execute();
      locked.resolve();
      await release.promise;
    });
    return "answer";
  };
  await openPullRequest(number);
  await locked.promise;
  await vi.waitUntil(() => nectr.simulator.comments(shop.fullName, number).length === 1, patience);
  await nectr.worker.kill();
  release.resolve();
  await holding;
  await nectr.worker.start();
  await untilReviewed(number);
  await expectOneOfEach(number);
});

test("stopped in the middle, it hands the review back and ends in time", { timeout: 60_000 }, async () => {
  const number = nextNumber();
  const reached = Promise.withResolvers<void>();
  onModelAsked = () => {
    reached.resolve();
    return "hang";
  };
  await openPullRequest(number);
  await reached.promise;
  onModelAsked = () => "answer";
  expect(await nectr.worker.stop()).toBe(0);
  await nectr.worker.start();
  await untilReviewed(number);
  await expectOneOfEach(number);
});

const patience = { timeout: 40_000, interval: 50 };
let opened = 0;
const nextNumber = () => ++opened;

async function openPullRequest(number: number): Promise<void> {
  const branch = `search-${number}`;
  const path = `src/search-${number}.ts`;
  await nectr.simulator.commit({
    repository: shop.fullName,
    branch,
    from: "main",
    files: { [path]: defective },
    message: "Find orders",
    author: "hubot",
  });
  const pull = { repository: shop.fullName, head: branch, title: "Find orders", author: "hubot" };
  expect((await nectr.simulator.openPullRequest(pull)).number).toBe(number);
}

async function untilReviewed(number: number): Promise<void> {
  await vi.waitUntil(async () => {
    const event = await nectr.db
      .selectFrom("webhook_events")
      .select("status")
      .where("number", "=", number)
      .executeTakeFirstOrThrow();
    return event.status === "completed";
  }, patience);
}

async function expectOneOfEach(number: number): Promise<void> {
  const reviews = nectr.simulator.reviews(shop.fullName, number);
  expect(reviews).toMatchObject([{ login: "octocat", state: "COMMENTED" }]);
  expect(reviews[0]?.comments).toHaveLength(1);
  expect(nectr.simulator.comments(shop.fullName, number)).toHaveLength(1);
  expect(
    await nectr.db.selectFrom("reviews").select("status").where("number", "=", number).execute(),
  ).toEqual([{ status: "posted" }]);
}

async function paidAnswers(number: number): Promise<number> {
  const rows = await nectr.db
    .selectFrom("model_usage")
    .innerJoin("reviews", "reviews.id", "model_usage.review_id")
    .select("model_usage.id")
    .where("reviews.number", "=", number)
    .execute();
  return rows.length;
}
