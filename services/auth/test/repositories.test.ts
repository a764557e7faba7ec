import { openFor } from "@nectr/crypto";
import { z } from "zod";
import { afterEach, beforeEach, describe, expect, inject, test } from "vitest";
import { type AuthService, startAuthService } from "./auth-service.ts";
import type { Browser } from "./browser.ts";
import { storeReview } from "./stored-review.ts";

let service: AuthService;
let octocat: Browser;

const shop = "/api/v1/repos/octocat/shop/install";

beforeEach(async () => {
  service = await startAuthService(inject("postgresUrl"));
  const { github } = service;
  for (const login of ["octocat", "hubber", "reader"]) await github.createUser({ login });
  await github.createRepository({
    owner: "octocat",
    name: "shop",
    members: { hubber: "write", reader: "read" },
  });
  octocat = await service.signedIn("octocat");
});
afterEach(() => service[Symbol.asyncDispose]());

const hookSchema = z.object({
  id: z.number(),
  active: z.boolean(),
  events: z.array(z.string()),
  config: z.object({ url: z.string() }),
});

/** The webhooks at GitHub, as an admin sees them. */
async function hooks(): Promise<z.infer<typeof hookSchema>[]> {
  return z.array(hookSchema).parse(await (await atHooks()).json());
}

/** Asks GitHub, as an admin of octocat/shop, for its webhooks. */
function atHooks(path = "", init: { method?: string; body?: string } = {}): Promise<Response> {
  const authorization = `Bearer ${service.github.createToken("octocat")}`;
  const url = `${service.github.url}/repos/octocat/shop/hooks${path}`;
  return fetch(url, { ...init, headers: { authorization } });
}

const listSchema = z.object({ repositories: z.array(z.object({ full_name: z.string() })) });

/** The names in a list of repositories. */
function namesIn(body: unknown): string[] {
  return listSchema.parse(body).repositories.map((one) => one.full_name);
}

function storedWebhook() {
  return service.db
    .selectFrom("repositories")
    .select(["id", "full_name", "hook_id", "encrypted_webhook_secret"])
    .executeTakeFirst();
}

function secretOf(row: Awaited<ReturnType<typeof storedWebhook>>): string {
  return openFor(service.context.fernet, `repository:${row?.id}`, row?.encrypted_webhook_secret ?? "");
}

describe("the list", () => {
  test("has what the user may see, is searched and paged, and begins with what is connected", async () => {
    const { github } = service;
    for (let i = 1; i <= 34; i += 1) await github.createRepository({ owner: "octocat", name: `tool-${i}` });
    await github.createRepository({ owner: "reader", name: "diary", private: true });
    expect((await octocat.call("POST", shop)).status).toBe(200);

    const first = await octocat.call("GET", "/api/v1/repos");
    expect(first.body).toMatchObject({ page: 1, pages: 2, total: 35 });
    expect(namesIn(first.body)).toHaveLength(30);
    expect(first.body).toHaveProperty("repositories.0", {
      id: expect.any(Number),
      full_name: "octocat/shop",
      owner: "octocat",
      name: "shop",
      url: `${service.github.url}/octocat/shop`,
      default_branch: "main",
      permission: "admin",
      private: false,
      archived: false,
      connected: true,
      connected_by: ["octocat"],
      deliveries: { complete_at: null, recovered: 0, missing: 0 },
    });
    expect(first.body).toHaveProperty("repositories.1", expect.objectContaining({ deliveries: null }));
    expect(namesIn((await octocat.call("GET", "/api/v1/repos?page=2")).body)).toHaveLength(5);
    const found = await octocat.call("GET", "/api/v1/repos?search=TOOL+octo+-34");
    expect(namesIn(found.body)).toEqual(["octocat/tool-34"]);
    expect(JSON.stringify(first.body)).not.toContain("diary");
  });

  test.each(["page=0", "page=x", "search=a&search=b", `search=${"x".repeat(201)}`])(
    "refuses %s",
    async (query) => {
      expect((await octocat.call("GET", `/api/v1/repos?${query}`)).status).toBe(400);
    },
  );
});

test("the list tells what GitHub could not deliver, and what of it came after all", async () => {
  const connected = await octocat.call("POST", shop);
  const { id } = (connected.body as { repository: { id: number } }).repository;
  const { db } = service.context;
  const { hook_id } = await db
    .updateTable("repositories")
    .set({ reconciled_at: new Date("2026-11-20T12:00:00Z") })
    .where("id", "=", id)
    .returning("hook_id")
    .executeTakeFirstOrThrow();
  const lost = (guid: string, arrived_at: Date | null) => ({
    hook_id: hook_id ?? 0,
    delivery_guid: guid,
    repository_id: id,
    delivered_at: new Date(),
    attempts: 1,
    arrived_at,
  });
  await db
    .insertInto("redeliveries")
    .values([lost("a", new Date()), lost("b", new Date()), lost("c", null)])
    .execute();
  expect((await octocat.call("GET", "/api/v1/repos")).body).toHaveProperty("repositories.0.deliveries", {
    complete_at: "2026-11-20T12:00:00.000Z",
    recovered: 2,
    missing: 1,
  });
});

describe("connecting", () => {
  test("makes a signed webhook, whose secret was stored before", async () => {
    const answer = await octocat.call("POST", shop);
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ repository: { connected: true, connected_by: ["octocat"] } });

    const [hook, ...more] = await hooks();
    expect(more).toEqual([]);
    expect(hook).toMatchObject({ active: true, config: { url: `${service.url}/api/v1/webhooks/github` } });
    expect(hook?.events).toContain("pull_request");
    const row = await storedWebhook();
    expect(row).toMatchObject({ full_name: "octocat/shop", hook_id: hook?.id });
    expect(Buffer.from(secretOf(row), "base64url")).toHaveLength(32);
    expect(service.github.violations()).toEqual([]);
  });

  test("twice, even at once, is connecting once", async () => {
    const answers = await Promise.all([1, 2, 3].map(() => octocat.call("POST", shop)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(await hooks()).toHaveLength(1);
    expect(await service.db.selectFrom("installations").selectAll().execute()).toHaveLength(1);
  });

  test("again repairs the webhook and keeps its secret", async () => {
    await octocat.call("POST", shop);
    const before = await storedWebhook();
    await atHooks(`/${before?.hook_id}`, { method: "PATCH", body: JSON.stringify({ active: false }) });
    await octocat.call("POST", shop);
    expect(await hooks()).toMatchObject([{ id: before?.hook_id, active: true }]);
    expect(secretOf(await storedWebhook())).toBe(secretOf(before));
  });

  test("by a second user shares the one webhook, which goes with the last", async () => {
    const hubber = await service.signedIn("hubber");
    expect((await hubber.call("POST", shop)).body).toMatchObject({ status: 403, code: "admin_needed" });
    await octocat.call("POST", shop);
    const shared = await hubber.call("POST", shop);
    expect(shared.body).toMatchObject({
      repository: { connected: true, connected_by: ["octocat", "hubber"] },
    });
    expect(await hooks()).toHaveLength(1);

    expect((await hubber.call("DELETE", shop)).body).toEqual({ connected: false, webhook: "shared" });
    expect(await hooks()).toHaveLength(1);
    expect((await octocat.call("DELETE", shop)).body).toEqual({ connected: false, webhook: "removed" });
    expect(await hooks()).toEqual([]);
    expect(await storedWebhook()).toMatchObject({ hook_id: null, encrypted_webhook_secret: null });
  });

  test("takes an admin, and to join one who may push", async () => {
    await octocat.call("POST", shop);
    const reader = await service.signedIn("reader");
    expect((await reader.call("POST", shop)).body).toMatchObject({ status: 403, code: "admin_needed" });
  });

  test("what is hidden is as good as absent", async () => {
    await service.github.createRepository({ owner: "reader", name: "diary", private: true });
    const hidden = await octocat.call("POST", "/api/v1/repos/reader/diary/install");
    const absent = await octocat.call("POST", "/api/v1/repos/reader/absent/install");
    expect(hidden.body).toMatchObject({ status: 404, code: "repository_not_found" });
    const aside = { requestId: expect.any(String) };
    expect(absent.body).toEqual({ ...Object(hidden.body), ...aside });
  });

  test.each([
    { status: 500, code: "github_unavailable" },
    { status: 404, code: "admin_needed" },
    {
      status: 403,
      message:
        "Although you appear to have the correct authorization credentials, the `acme` organization has enabled OAuth App access restrictions",
      code: "organization_access_needed",
    },
    { status: 422, message: "The 'push' event cannot have more than 20 hooks", code: "too_many_webhooks" },
    {
      status: 422,
      message: "url is not supported because it isn't reachable over the public Internet (localhost)",
      code: "webhook_url_unreachable",
    },
  ])(
    "leaves nothing half done where GitHub answers $status ($code)",
    async ({ status, message = "no", code }) => {
      const effect = { kind: "status", status, when: "before", body: { message } } as const;
      const repair = service.github.faults.add({ method: "POST", path: /\/hooks$/, effect });
      const answer = await octocat.call("POST", shop);
      expect(answer.body).toMatchObject({ code, detail: expect.any(String) });
      // Where GitHub may have made the webhook all the same, its secret has to be good.
      const secret = code === "github_unavailable" ? expect.any(String) : null;
      expect(await storedWebhook()).toMatchObject({ hook_id: null, encrypted_webhook_secret: secret });
      expect(await service.db.selectFrom("installations").selectAll().execute()).toEqual([]);
      repair();
      expect((await octocat.call("POST", shop)).status).toBe(200);
    },
  );

  test("that GitHub refuses keeps what came of the repository meanwhile", async () => {
    const { faults } = service.github;
    const hooksRoute = { method: "POST", path: /\/hooks$/, times: 1 } as const;
    const asked = Promise.withResolvers<void>();
    faults.add({ ...hooksRoute, effect: { kind: "latency", ms: 500 }, onMeet: asked.resolve });
    faults.add({ ...hooksRoute, effect: { kind: "status", status: 422, when: "before" } });
    const answer = octocat.call("POST", shop);
    await asked.promise;
    const { id } = (await storedWebhook()) ?? { id: 0 };
    const reviewId = await storeReview(service.db, id);
    expect((await answer).status).toBe(422);
    expect(await service.db.selectFrom("reviews").select("id").execute()).toEqual([{ id: reviewId }]);
  });

  test("many at once by one person keeps nobody else from connecting one", async () => {
    await service.github.createRepository({ owner: "hubber", name: "own" });
    const hubber = await service.signedIn("hubber");
    service.github.faults.add({ user: "octocat", effect: { kind: "latency", ms: 100 } });
    let waiting = 30;
    const many = Array.from({ length: waiting }, async () => {
      expect((await octocat.call("POST", shop)).status).toBe(200);
      waiting -= 1;
    });
    expect((await hubber.call("POST", "/api/v1/repos/hubber/own/install")).status).toBe(200);
    expect(waiting).toBeGreaterThan(15);
    await Promise.all(many);
  });

  test("finds the webhook after an answer that was lost", async () => {
    const effect = { kind: "reset", when: "after" } as const;
    service.github.faults.add({ method: "POST", path: /\/hooks$/, times: 1, effect });
    expect((await octocat.call("POST", shop)).status).toBe(200);
    expect(await hooks()).toMatchObject([{ id: (await storedWebhook())?.hook_id }]);
  });

  test("too often is refused for a while", async () => {
    await using limited = await startAuthService(inject("postgresUrl"), { limits: { installs: 1 } });
    const browser = limited.browser();
    await browser.call("POST", shop);
    const answer = await browser.call("POST", shop);
    expect(answer.body).toMatchObject({ status: 429, code: "rate_limited" });
    expect(Number(answer.headers.get("retry-after"))).toBeGreaterThan(0);
  });
});

describe("disconnecting", () => {
  test("is possible for somebody whose token GitHub refuses", async () => {
    await octocat.call("POST", shop);
    const hubber = await service.signedIn("hubber");
    await hubber.call("POST", shop);
    await service.db.updateTable("users").set({ token_state: "reconnect_needed" }).execute();
    expect((await hubber.call("DELETE", shop)).body).toEqual({ connected: false, webhook: "shared" });
    expect((await octocat.call("DELETE", shop)).body).toEqual({ connected: false, webhook: "left" });
    expect(await storedWebhook()).toMatchObject({ hook_id: null, encrypted_webhook_secret: null });
  });

  test("by somebody who may read, and never was connected, takes nothing from a webhook", async () => {
    await octocat.call("POST", shop);
    // As after a crash between the webhook and the connection.
    await service.db.deleteFrom("installations").execute();
    const reader = await service.signedIn("reader");
    expect((await reader.call("DELETE", shop)).status).toBe(200);
    expect(await storedWebhook()).toMatchObject({ encrypted_webhook_secret: expect.any(String) });
    expect((await octocat.call("DELETE", shop)).body).toMatchObject({ webhook: "removed" });
    expect(await hooks()).toEqual([]);
  });

  test("tolerates a webhook that is gone, and is done twice as well as once", async () => {
    await octocat.call("POST", shop);
    await atHooks(`/${(await storedWebhook())?.hook_id}`, { method: "DELETE" });
    expect((await octocat.call("DELETE", shop)).body).toEqual({ connected: false, webhook: "removed" });
    expect((await octocat.call("DELETE", shop)).status).toBe(200);
    expect((await octocat.call("POST", shop)).status).toBe(200);
    expect(await hooks()).toHaveLength(1);
  });

  test("while GitHub is down changes nothing", async () => {
    await octocat.call("POST", shop);
    const before = await storedWebhook();
    const effect = { kind: "status", status: 502, when: "before" } as const;
    service.github.faults.add({ method: "DELETE", effect });
    expect((await octocat.call("DELETE", shop)).body).toMatchObject({
      status: 502,
      code: "github_unavailable",
    });
    expect(await storedWebhook()).toEqual(before);
    expect((await octocat.call("GET", "/api/v1/repos")).body).toHaveProperty(
      "repositories.0.connected",
      true,
    );
  });

  test("by the last one, who is no admin, makes the webhook's deliveries worthless", async () => {
    await octocat.call("POST", shop);
    const hubber = await service.signedIn("hubber");
    await hubber.call("POST", shop);
    await octocat.call("DELETE", shop);
    expect((await hubber.call("DELETE", shop)).body).toEqual({ connected: false, webhook: "left" });
    expect(await storedWebhook()).toMatchObject({ hook_id: null, encrypted_webhook_secret: null });
    await octocat.call("POST", shop);
    expect(await hooks()).toMatchObject([{ id: (await storedWebhook())?.hook_id }]);
  });
});

test("a token that GitHub no longer takes is shown, and mended by signing in again", async () => {
  await octocat.call("POST", shop);
  const [user] = await service.db.selectFrom("users").selectAll().execute();
  const effect = {
    kind: "status",
    status: 401,
    when: "before",
    body: { message: "Bad credentials" },
  } as const;
  const repair = service.github.faults.add({ path: /^\/(user\/repos|repos\/)/, effect });
  service.context.visible.forget(user?.id ?? 0);
  expect((await octocat.call("GET", "/api/v1/repos")).body).toMatchObject({
    status: 401,
    code: "reconnect_needed",
  });
  expect((await octocat.call("GET", "/auth/me")).body).toMatchObject({ token_state: "reconnect_needed" });
  expect((await octocat.call("POST", shop)).body).toMatchObject({ status: 401, code: "reconnect_needed" });
  repair();
  await octocat.signIn("octocat");
  expect((await octocat.call("GET", "/auth/me")).body).toMatchObject({ token_state: "active" });
  expect((await octocat.call("GET", "/api/v1/repos")).body).toHaveProperty("repositories.0.connected", true);
});

test("a token that GitHub refuses a worker is shown at once, whatever was read before", async () => {
  expect((await octocat.call("GET", "/api/v1/repos")).status).toBe(200);
  await service.db.updateTable("users").set({ token_state: "reconnect_needed" }).execute();
  for (const path of ["/api/v1/repos", "/api/v1/reviews", "/api/v1/events"]) {
    expect((await octocat.call("GET", path)).body).toMatchObject({ code: "reconnect_needed" });
  }
});
