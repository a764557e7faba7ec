import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { z } from "zod";
import { type AuthService, startAuthService } from "./auth-service.ts";
import type { Browser } from "./browser.ts";

let service: AuthService;
let owner: Browser;
let stranger: Browser;
let repositoryId: number;

const head = "a".repeat(40);

beforeAll(async () => {
  service = await startAuthService(inject("postgresUrl"));
  const { github, db } = service;
  for (const login of ["octocat", "stranger"]) await github.createUser({ login });
  ({ id: repositoryId } = await github.createRepository({ owner: "octocat", name: "shop" }));
  await github.createRepository({ owner: "stranger", name: "own" });
  [owner, stranger] = [service.browser(), service.browser()];
  await owner.signIn("octocat");
  await stranger.signIn("stranger");
  await owner.call("POST", "/api/v1/repos/octocat/shop/install");
  await db
    .insertInto("pull_requests")
    .values({
      repository_id: repositoryId,
      number: 1,
      title: "Sell more",
      author_login: "octocat",
      state: "open",
      draft: false,
      head_sha: head,
      base_ref: "main",
      claimed_by: null,
      claimed_head: null,
      claim_expires_at: null,
      summary_comment_id: null,
    })
    .execute();
  for (let generation = 1; generation <= 5; generation += 1) await review(generation);
});
afterAll(() => service[Symbol.asyncDispose]());

/** An event and the review that came of it. */
async function review(generation: number): Promise<void> {
  const { event_id } = await service.db
    .insertInto("webhook_events")
    .values({
      hook_id: 1,
      delivery_guid: `delivery-${generation}`,
      event: "pull_request",
      action: "synchronize",
      repository_id: repositoryId,
      full_name: "octocat/shop",
      number: 1,
      head_sha: head,
      status: "completed",
      reason: null,
      duplicate_of: null,
      payload: Buffer.from('{"canary":"payload"}'),
      error: null,
      enqueued_at: null,
      started_at: null,
      finished_at: null,
    })
    .returning("event_id")
    .executeTakeFirstOrThrow();
  await service.db
    .insertInto("reviews")
    .values({
      repository_id: repositoryId,
      number: 1,
      head_sha: head,
      generation,
      event_id,
      status: "posted",
      verdict: "comment",
      result: JSON.stringify({ summary: "Fine." }),
      github_review_id: generation,
      url: "https://github.example/review",
      error: null,
      finished_at: null,
    })
    .execute();
}

const reviewsSchema = z.object({
  reviews: z.array(z.object({ id: z.string(), generation: z.number() })),
  next: z.string().nullable(),
});

test("reviews come newest first, page by page", async () => {
  const seen: number[] = [];
  let query = "limit=2";
  for (let pages = 0; pages < 3; pages += 1) {
    const { reviews, next } = reviewsSchema.parse((await owner.call("GET", `/api/v1/reviews?${query}`)).body);
    seen.push(...reviews.map(({ generation }) => generation));
    query = `limit=2&cursor=${next}`;
    expect(next === null).toBe(pages === 2);
  }
  expect(seen).toEqual([5, 4, 3, 2, 1]);
});

test("a review has its result and the findings that stand", async () => {
  const { reviews } = reviewsSchema.parse((await owner.call("GET", "/api/v1/reviews")).body);
  const answer = await owner.call("GET", `/api/v1/reviews/${reviews[0]?.id}`);
  expect(answer.body).toMatchObject({
    repository: { id: repositoryId, full_name: "octocat/shop" },
    title: "Sell more",
    verdict: "comment",
    pull_request_url: `${service.github.url}/octocat/shop/pull/1`,
    result: { summary: "Fine." },
    findings: [],
  });
});

test("events come newest first, without their payloads", async () => {
  const { body } = await owner.call("GET", "/api/v1/events?limit=2");
  expect(body).toMatchObject({
    events: [
      { delivery_guid: "delivery-5", repository: { full_name: "octocat/shop" } },
      { delivery_guid: "delivery-4" },
    ],
    next: expect.any(String),
  });
  expect(JSON.stringify(body)).not.toContain("canary");
});

test("nothing of it exists for somebody who may not see the repository", async () => {
  const { reviews } = reviewsSchema.parse((await owner.call("GET", "/api/v1/reviews")).body);
  expect((await stranger.call("GET", "/api/v1/reviews")).body).toEqual({ reviews: [], next: null });
  expect((await stranger.call("GET", "/api/v1/events")).body).toEqual({ events: [], next: null });
  const other = await stranger.call("GET", `/api/v1/reviews/${reviews[0]?.id}`);
  const absent = await stranger.call("GET", `/api/v1/reviews/${crypto.randomUUID()}`);
  expect(other.body).toMatchObject({ status: 404, code: "review_not_found" });
  expect(absent.body).toEqual({ ...Object(other.body), requestId: expect.any(String) });
  expect((await stranger.call("GET", `/api/v1/reviews?cursor=${reviews[0]?.id}`)).body).toMatchObject({
    reviews: [],
  });
});

test("nor for somebody who is not signed in", async () => {
  for (const path of [
    "/api/v1/repos",
    "/api/v1/reviews",
    `/api/v1/reviews/${crypto.randomUUID()}`,
    "/api/v1/events",
  ]) {
    expect((await service.browser().call("GET", path)).body).toMatchObject({
      status: 401,
      code: "not_signed_in",
    });
  }
});

test.each(["limit=0", "limit=101", "cursor=1", "cursor=' or 1=1"])("a list refuses %s", async (query) => {
  expect((await owner.call("GET", `/api/v1/reviews?${query}`)).status).toBe(400);
  expect((await owner.call("GET", `/api/v1/events?${query}`)).status).toBe(400);
});

test("access that ends at GitHub ends here within two minutes", async () => {
  const { id } = await service.db
    .selectFrom("users")
    .select("id")
    .where("login", "=", "octocat")
    .executeTakeFirstOrThrow();
  expect((await owner.call("GET", "/api/v1/reviews")).body).toMatchObject({
    reviews: expect.arrayContaining([expect.anything()]),
  });
  const repair = service.github.faults.add({
    path: "/user/repos",
    effect: { kind: "status", status: 200, when: "before", body: [] },
  });
  service.context.visible.forget(id);
  expect((await owner.call("GET", "/api/v1/reviews")).body).toEqual({ reviews: [], next: null });
  repair();
  service.context.visible.forget(id);
});
