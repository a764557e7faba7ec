import { createFernet, generateFernetKey } from "@nectr/crypto";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { z } from "zod";
import { connect, read } from "./src/api.ts";
import { defective } from "./src/changes.ts";
import { openEncryptedColumns } from "./src/encrypted-columns.ts";
import { eventOf, patience, reviewedHeads, untilEvent, untilReviewed } from "./src/outcomes.ts";
import { cloneShop, createPeople, createShop, openPullRequest, type People, type Shop } from "./src/shop.ts";
import { startWholeSystem, type WholeSystem } from "./src/whole-system.ts";

const redisUrl = inject("redisUrl");
const key = generateFernetKey();

let nectr: WholeSystem;
let people: People;

async function start(queueUrl: string | undefined): Promise<void> {
  nectr = await startWholeSystem({ redisUrl: queueUrl, environment: { SECRET_KEY: key } });
  people = await createPeople(nectr.simulator);
}

describe("with the queue in PostgreSQL", () => {
  beforeAll(() => start(undefined));
  afterAll(() => nectr[Symbol.asyncDispose]());

  test("of two who are connected, whoever GitHub lets serves the repository", serveInTurn);
  test("a head waits for its only user to sign in again", waitForSignIn);
  test("a token that has ended is renewed once, whoever asks for it", renewOnce);
});

describe.skipIf(redisUrl === undefined)("with the queue in Redis (needs redis-server)", () => {
  beforeAll(() => start(`${redisUrl}/2`));
  afterAll(() => nectr[Symbol.asyncDispose]());

  test("a head waits for its only user to sign in again", waitForSignIn);
});

async function serveInTurn(): Promise<void> {
  const { db, simulator } = nectr;
  const shop = await createShop(simulator, { name: "shared", private: true, people });
  const hubot = await nectr.signIn("hubot");
  let octocat = await nectr.signIn("octocat");
  await connect(octocat, shop);
  expect(await connect(hubot, shop)).toMatchObject({ connected_by: ["octocat", "hubot"] });
  expect(await webhooksOf(shop)).toBe(1);
  const number = 1;
  const reviewers = () => simulator.reviews(shop.fullName, number).map(({ login }) => login);

  await using clone = await cloneShop(simulator, shop);
  const first = await clone.push("search", defective("first"));
  await openPullRequest(simulator, shop, "search");
  await untilReviewed(db, first);
  expect(reviewers()).toEqual(["octocat"]);

  simulator.revokeToken(await storedToken("octocat"));
  const second = await clone.push("search", defective("second"));
  await untilReviewed(db, second);
  expect(reviewers()).toEqual(["octocat", "hubot"]);
  expect(await read(octocat, "/auth/me")).toMatchObject({ token_state: "reconnect_needed" });

  octocat = await nectr.signIn("octocat");
  const left = await octocat.request("DELETE", `/api/v1/repos/${shop.fullName}/install`);
  expect(await left.json()).toEqual({ connected: false, webhook: "shared" });
  expect(await webhooksOf(shop)).toBe(1);
  const third = await clone.push("search", defective("third"));
  await untilReviewed(db, third);
  expect(reviewers()).toEqual(["octocat", "hubot", "hubot"]);

  simulator.removeCollaborator(shop.fullName, "hubot");
  await using ownersClone = await cloneShop(simulator, shop, "octocat");
  const refusals = () =>
    simulator
      .requests()
      .filter(({ user, path, status }) => user === "hubot" && path.endsWith("/pulls/1") && status === 404);
  const fourth = await ownersClone.push("search", defective("fourth"));
  await expect.poll(refusals, patience).not.toHaveLength(0);
  expect(await eventOf(db, fourth)).toMatchObject({ status: "processing", error: null });
  expect(reviewers()).toHaveLength(3);
  await connect(octocat, shop);
  await untilReviewed(db, fourth);
  expect(reviewers()).toEqual(["octocat", "hubot", "hubot", "octocat"]);

  expect(await webhooksOf(shop)).toBe(1);
  await expectEachOnce(shop, [first, second, third, fourth]);
}

async function waitForSignIn(): Promise<void> {
  const { db, simulator } = nectr;
  const shop = await createShop(simulator, { name: "alone", people });
  let octocat = await nectr.signIn("octocat");
  await connect(octocat, shop);

  simulator.revokeToken(await storedToken("octocat"));
  await using clone = await cloneShop(simulator, shop);
  const head = await clone.push("search", defective("orders"));
  await openPullRequest(simulator, shop, "search");
  await untilEvent(db, head, {
    status: "pending",
    reason: expect.stringContaining("Sign in again: then the review goes on."),
    attempts: 0,
  });
  expect(await read(octocat, "/auth/me")).toMatchObject({ token_state: "reconnect_needed" });
  for (const path of ["/api/v1/repos", "/api/v1/events", "/api/v1/reviews"]) {
    expect(await read(octocat, path)).toMatchObject({ status: 401, code: "reconnect_needed" });
  }

  octocat = await nectr.signIn("octocat");
  expect(await read(octocat, "/auth/me")).toMatchObject({ token_state: "active" });
  await untilReviewed(db, head);
  await expectEachOnce(shop, [head]);
}

async function renewOnce(): Promise<void> {
  const { db, simulator } = nectr;
  const shop = await createShop(simulator, { name: "renewed", people });
  simulator.setExpiringTokens(true);
  const octocat = await nectr.signIn("octocat");
  simulator.setExpiringTokens(false);
  await connect(octocat, shop);
  const exchange = "/login/oauth/access_token";
  const exchanges = () => simulator.requests().filter(({ path }) => path === exchange).length;
  const before = exchanges();

  const ended = await storedToken("octocat");
  simulator.expireTokens("octocat");
  await db
    .updateTable("users")
    .set({ token_expires_at: new Date() })
    .where("login", "=", "octocat")
    .executeTakeFirstOrThrow();
  // The worker is the first to ask GitHub; meanwhile the page is opened in fifty tabs.
  const asked = Promise.withResolvers<void>();
  const slow = { kind: "latency", ms: 1000 } as const;
  const removeFault = simulator.faults.add({ path: exchange, effect: slow, onMeet: asked.resolve });
  await using clone = await cloneShop(simulator, shop);
  const head = await clone.push("search", defective("orders"));
  await openPullRequest(simulator, shop, "search");
  await asked.promise;
  const paths = ["/api/v1/repos", "/api/v1/reviews", "/api/v1/events", "/auth/me", "/api/v1/repos?search=x"];
  const answers = await Promise.all(
    Array.from({ length: 50 }, (_, tab) => octocat.request("GET", paths[tab % paths.length] ?? "")),
  );
  expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
  await untilReviewed(db, head);
  removeFault();

  expect(exchanges() - before).toBe(1);
  expect(await storedToken("octocat")).not.toBe(ended);
  await expectEachOnce(shop, [head]);
}

/** The token that GitHub gave for a user, as it lies in the database. */
async function storedToken(login: string): Promise<string> {
  const { github_id: id } = await nectr.db
    .selectFrom("users")
    .select("github_id")
    .where("login", "=", login)
    .executeTakeFirstOrThrow();
  const stored = await openEncryptedColumns(nectr.db, createFernet([key]));
  return z.string().parse(stored.find(({ owner }) => owner === `user:${id}`)?.value);
}

/** How many webhooks a repository has at GitHub. */
async function webhooksOf(shop: Shop): Promise<number> {
  const response = await fetch(`${nectr.simulator.url}/repos/${shop.fullName}/hooks`, {
    headers: { authorization: `Bearer ${shop.tokens.octocat}` },
  });
  return z.array(z.unknown()).parse(await response.json()).length;
}

async function expectEachOnce(shop: Shop, heads: readonly string[]): Promise<void> {
  const { db, simulator } = nectr;
  expect(await reviewedHeads(db, shop.id)).toEqual(heads);
  expect(simulator.reviews(shop.fullName, 1).map(({ commitId }) => commitId)).toEqual(heads);
  expect(simulator.violations()).toEqual([]);
}
