import { z } from "zod";
import { afterAll, beforeAll, describe, expect, inject, test, vi } from "vitest";
import { cloneShop, createShop, type Shop } from "./src/shop.ts";
import { startWholeSystem, type WholeSystem } from "./src/whole-system.ts";

const redisUrl = inject("redisUrl");

/** A function whose SQL is built from what a user typed. */
const injection = `
export async function findOrders(db: { query(sql: string): Promise<unknown> }, customer: string) {
  return await db.query(\`SELECT * FROM orders WHERE customer = '\${customer}'\`);
}
`;
/** A function that forgets to wait. */
const lostPromise = `
export async function remindAll(customers: string[], send: (to: string) => Promise<void>) {
  customers.forEach(async (customer) => {
    await send(customer);
  });
}
`;

describe("a pull request is opened, its review is posted, with the queue in PostgreSQL", () =>
  tell(undefined));

describe.skipIf(redisUrl === undefined)(
  "a pull request is opened, its review is posted, with the queue in Redis (needs redis-server)",
  () => tell(`${redisUrl}/1`),
);

function tell(queueUrl: string | undefined): void {
  let nectr: WholeSystem;
  let shop: Shop;
  beforeAll(async () => {
    nectr = await startWholeSystem({ redisUrl: queueUrl });
    shop = await createShop(nectr.simulator);
  });
  afterAll(() => nectr[Symbol.asyncDispose]());

  test("sign in, connect, push, open, push again, close", { timeout: 90_000 }, async () => {
    const octocat = await nectr.signIn("octocat");
    expect((await octocat.request("POST", "/api/v1/repos/octocat/shop/install", {})).status).toBeLessThan(
      300,
    );

    await using clone = await cloneShop(nectr.simulator, shop);
    const first = await clone.push("search", { "src/search.ts": injection });
    const number = await github.open("search");
    const [review] = await github.untilReviews(number, 1);
    expect(review).toMatchObject({ commit_id: first, state: "COMMENTED", user: { login: "octocat" } });
    expect(await github.inlineComments(number)).toMatchObject([
      { path: "src/search.ts", commit_id: first, body: expect.stringContaining("sql-injection") },
    ]);
    await untilEvent(first, "completed");

    const second = await clone.push("search", { "src/remind.ts": lostPromise });
    expect(await github.untilReviews(number, 2)).toMatchObject([{ commit_id: first }, { commit_id: second }]);
    await untilEvent(second, "completed");
    const paths = (await github.inlineComments(number)).map(({ path }) => path);
    expect(paths).toEqual(["src/search.ts", "src/remind.ts"]);

    const summaries = await github.comments(number);
    expect(summaries).toHaveLength(1);
    expect(summaries[0]?.body).toContain("still open");
    expect(summaries[0]?.body).toContain(second.slice(0, 7));

    await github.close(number);
    await vi.waitUntil(async () => (await pullRequest(number))?.state === "closed", patience);
    await untilEvent(second, "completed");
    await expectRows(number, [first, second]);
    expect(nectr.simulator.violations()).toEqual([]);
  });

  const patience = { timeout: 30_000, interval: 50 };

  async function untilEvent(headSha: string, status: string): Promise<void> {
    await vi.waitUntil(async () => {
      const event = await nectr.db
        .selectFrom("webhook_events")
        .select("status")
        .where("head_sha", "=", headSha)
        .where("event", "=", "pull_request")
        .orderBy("event_id", "desc")
        .executeTakeFirst();
      return event?.status === status;
    }, patience);
  }

  async function pullRequest(number: number) {
    return await nectr.db
      .selectFrom("pull_requests")
      .selectAll()
      .where("number", "=", number)
      .executeTakeFirst();
  }

  async function expectRows(number: number, [first, second]: [string, string]): Promise<void> {
    const events = await nectr.db
      .selectFrom("webhook_events")
      .select(["action", "head_sha", "status"])
      .where("event", "=", "pull_request")
      .orderBy("event_id")
      .execute();
    expect(events).toEqual([
      { action: "opened", head_sha: first, status: "completed" },
      { action: "synchronize", head_sha: second, status: "completed" },
      { action: "closed", head_sha: second, status: "completed" },
    ]);
    const reviews = await nectr.db.selectFrom("reviews").selectAll().orderBy("id").execute();
    expect(reviews).toMatchObject([
      { number, head_sha: first, status: "posted", verdict: "request_changes", generation: 0 },
      { number, head_sha: second, status: "posted", verdict: "request_changes", generation: 0 },
    ]);
    const findings = await nectr.db.selectFrom("findings").selectAll().orderBy("id").execute();
    expect(findings).toMatchObject([
      { path: "src/search.ts", rule: "script/sql-injection", state: "open", first_review_id: reviews[0]?.id },
      {
        path: "src/remind.ts",
        rule: "script/async-for-each",
        state: "open",
        first_review_id: reviews[1]?.id,
      },
    ]);
    expect(await pullRequest(number)).toMatchObject({
      claimed_by: null,
      claim_expires_at: null,
      head_sha: second,
    });
  }

  /** What a person does and sees at GitHub, over its API. */
  const github = {
    async call(method: string, path: string, body?: object): Promise<unknown> {
      const response = await fetch(`${nectr.simulator.url}/repos/${shop.fullName}${path}`, {
        method,
        headers: { authorization: `Bearer ${shop.tokens.hubot}`, "content-type": "application/json" },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      expect(response.ok, `${method} ${path}: ${response.status}`).toBe(true);
      return await response.json();
    },
    async open(head: string): Promise<number> {
      const pull = await this.call("POST", "/pulls", { head, base: "main", title: "Find orders", body: "" });
      return z.object({ number: z.number() }).parse(pull).number;
    },
    async close(number: number): Promise<void> {
      await this.call("PATCH", `/pulls/${number}`, { state: "closed" });
    },
    async untilReviews(number: number, count: number) {
      return await vi.waitUntil(async () => {
        const reviews = z
          .array(z.looseObject({ commit_id: z.string() }))
          .parse(await this.call("GET", `/pulls/${number}/reviews`));
        return reviews.length >= count ? reviews : undefined;
      }, patience);
    },
    async inlineComments(number: number) {
      return z
        .array(z.looseObject({ path: z.string(), body: z.string() }))
        .parse(await this.call("GET", `/pulls/${number}/comments`));
    },
    async comments(number: number) {
      return z
        .array(z.object({ body: z.string() }))
        .parse(await this.call("GET", `/issues/${number}/comments`));
    },
  };
}
