import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { z } from "zod";
import { type AuthService, startAuthService } from "./auth-service.ts";
import type { Browser } from "./browser.ts";
import { storeReview } from "./stored-review.ts";

let service: AuthService;
let owner: Browser;
let repositoryId: number;

/** As the engine stores it, in part. */
const result = {
  summary: "Fine.",
  findings: [{}, {}],
  stillOpen: [{}],
  unchecked: [],
  doubts: ["No model read it."],
  coverage: {
    filesChanged: 3,
    filesRead: 2,
    addedLines: 30,
    addedLinesRead: 20,
    skipped: [{ path: "package-lock.json", reason: "a lock file", expected: true }],
    failures: [],
    analysers: ["rules"],
    analysed: ["a.ts"],
    modelAbsence: "none is configured",
  },
  cost: { inputTokens: 10, outputTokens: 2 },
};

beforeAll(async () => {
  service = await startAuthService(inject("postgresUrl"));
  const { github, db } = service;
  for (const login of ["octocat", "stranger"]) await github.createUser({ login });
  ({ id: repositoryId } = await github.createRepository({ owner: "octocat", name: "shop" }));
  await github.createRepository({ owner: "stranger", name: "own" });
  owner = await service.signedIn("octocat");
  await owner.call("POST", "/api/v1/repos/octocat/shop/install");
  for (let generation = 1; generation <= 5; generation += 1) {
    await storeReview(db, repositoryId, { generation, result });
  }
});
afterAll(() => service[Symbol.asyncDispose]());

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
    summary: "Fine.",
    open_findings: 3,
    doubts: ["No model read it."],
    coverage: {
      files_changed: 3,
      files_read: 2,
      skipped: [{ path: "package-lock.json", reason: "a lock file" }],
      model: null,
      model_absence: "none is configured",
    },
    cost: { input_tokens: 10, output_tokens: 2, usd: null },
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

test("a review that is hidden is as good as absent", async () => {
  const stranger = await service.signedIn("stranger");
  const { reviews } = reviewsSchema.parse((await owner.call("GET", "/api/v1/reviews")).body);
  const hidden = await stranger.call("GET", `/api/v1/reviews/${reviews[0]?.id}`);
  const absent = await stranger.call("GET", `/api/v1/reviews/${crypto.randomUUID()}`);
  expect(hidden.body).toMatchObject({ status: 404, code: "review_not_found" });
  expect(absent.body).toEqual({ ...Object(hidden.body), requestId: expect.any(String) });
  const behind = await stranger.call("GET", `/api/v1/reviews?cursor=${reviews[0]?.id}`);
  expect(behind.body).toEqual({ reviews: [], next: null });
});

test.each(["limit=0", "limit=101", "cursor=1", "cursor=' or 1=1"])("a list refuses %s", async (query) => {
  expect((await owner.call("GET", `/api/v1/reviews?${query}`)).status).toBe(400);
  expect((await owner.call("GET", `/api/v1/events?${query}`)).status).toBe(400);
});

test("access that ends at GitHub ends here as soon as GitHub is asked again", async () => {
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
