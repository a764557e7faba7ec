import { gzipSync } from "node:zlib";
import { randomUUID } from "node:crypto";
import { randomToken } from "@nectr/crypto";
import { parseWebhookEvent } from "@nectr/github";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type IngestUnderTest, pullRequestPayload, startIngest } from "./ingest-under-test.ts";

let ingest: IngestUnderTest;
beforeEach(async () => {
  ingest = await startIngest();
});
afterEach(() => ingest[Symbol.asyncDispose]());

const rows = () => ingest.db.selectFrom("webhook_events").selectAll().orderBy("event_id").execute();

describe("a signed pull request", () => {
  test("is stored, answered and then enqueued", async () => {
    const { secret } = await ingest.connect({ id: 42, fullName: "octocat/shop", hookId: 9 });
    const guid = randomUUID();
    const answer = await ingest.send({ body: pullRequestPayload({}), guid, hookId: 9, secret });
    const [row] = await rows();

    expect(answer).toEqual({ status: 200, body: { status: "queued", event_id: row?.event_id } });
    expect(row).toMatchObject({
      hook_id: 9,
      delivery_guid: guid,
      event: "pull_request",
      action: "opened",
      repository_id: 42,
      full_name: "octocat/shop",
      number: 7,
      head_sha: "a".repeat(40),
      status: "pending",
    });
    expect(row?.payload?.toString()).toBe(pullRequestPayload({}));
    expect(await ingest.waitingJobs()).toBe(1);
  });

  test("that was merged is stored as merged", async () => {
    const { secret } = await ingest.connect({ id: 42, fullName: "octocat/shop", hookId: 9 });
    const body = pullRequestPayload({ action: "closed" }).replace('"merged":false', '"merged":true');
    expect((await ingest.send({ body, hookId: 9, secret })).body).toMatchObject({ status: "queued" });
    expect((await rows())[0]?.payload?.toString()).toBe(body);
  });

  test("as a form, or with another content type, is read all the same", async () => {
    const { secret } = await ingest.connect({ id: 42, fullName: "octocat/shop", hookId: 9 });
    const form = new URLSearchParams({ payload: pullRequestPayload({ number: 1 }) }).toString();
    const headers = { "content-type": "application/x-www-form-urlencoded" };
    expect((await ingest.send({ body: form, hookId: 9, secret, headers })).body).toMatchObject({
      status: "queued",
    });
    const plain = { body: pullRequestPayload({ number: 2 }), headers: { "content-type": "text/plain" } };
    expect((await ingest.send({ ...plain, hookId: 9, secret })).body).toMatchObject({ status: "queued" });
  });

  test("without a hook's id is verified with the secret of the repository that it names, in any case", async () => {
    const { secret } = await ingest.connect({ id: 42, fullName: "octocat/shop", hookId: 9 });
    const body = pullRequestPayload({ fullName: "Octocat/Shop" });
    expect((await ingest.send({ body, secret })).status).toBe(200);
  });

  test("of a hook that is being installed is verified although its id is not known yet", async () => {
    const { secret } = await ingest.connect({ id: 42, fullName: "octocat/shop", hookId: null });
    const ping = JSON.stringify({
      zen: "Design for failure.",
      repository: { id: 42, full_name: "octocat/shop" },
    });
    const answer = await ingest.send({ event: "ping", body: ping, hookId: 9, secret });
    expect(answer.body).toMatchObject({ status: "ignored", reason: expect.stringContaining("ping") });
  });

  test("of a repository that nobody connected is verified with the global secret", async () => {
    const answer = await ingest.send({
      body: pullRequestPayload({}),
      hookId: 77,
      secret: ingest.globalSecret,
    });
    expect(answer.body).toMatchObject({ status: "queued" });
  });

  test("is accepted with the old secret until that expires", async () => {
    const { secret: old } = await ingest.connect({ id: 42, fullName: "octocat/shop", hookId: 9 });
    const { secret: fresh } = await ingest.rotate(42, new Date(Date.now() + 60_000));
    for (const secret of [old, fresh]) {
      expect((await ingest.send({ body: pullRequestPayload({}), hookId: 9, secret })).status).toBe(200);
    }
    await ingest.rotate(42, new Date(0));
    // What is remembered of the secrets counts for a second.
    const withFresh = () => ingest.send({ body: pullRequestPayload({}), hookId: 9, secret: fresh });
    await expect.poll(async () => (await withFresh()).status).toBe(401);
  });

  test("is accepted with a secret that was given while another one was remembered", async () => {
    const { secret } = await ingest.connect({ id: 42, fullName: "octocat/shop", hookId: 9 });
    expect((await ingest.send({ body: pullRequestPayload({}), hookId: 9, secret })).status).toBe(200);
    const { secret: fresh } = await ingest.rotate(42, new Date(0));
    expect((await ingest.send({ body: pullRequestPayload({}), hookId: 9, secret: fresh })).status).toBe(200);
  });

  test("is refused within a second of the repository's disconnect", async () => {
    const { secret } = await ingest.connect({ id: 42, fullName: "octocat/shop", hookId: 9 });
    const send = async () => (await ingest.send({ body: pullRequestPayload({}), hookId: 9, secret })).status;
    expect(await send()).toBe(200);
    await ingest.db
      .updateTable("repositories")
      .set({ hook_id: null, encrypted_webhook_secret: null })
      .execute();
    await expect.poll(send).toBe(401);
  });
});

describe("a rotation that GitHub has not confirmed", () => {
  const ends = async () =>
    (
      await ingest.db
        .selectFrom("repositories")
        .select("previous_secret_expires_at")
        .executeTakeFirstOrThrow()
    ).previous_secret_expires_at;

  test("leaves the old secret good, until a delivery comes with the new one", async () => {
    const { secret: old } = await ingest.connect({ id: 42, fullName: "octocat/shop", hookId: 9 });
    const { secret: fresh } = await ingest.rotate(42, null);
    expect((await ingest.send({ body: pullRequestPayload({}), hookId: 9, secret: old })).status).toBe(200);
    expect(await ends()).toBeNull();
    expect((await ingest.send({ body: pullRequestPayload({}), hookId: 9, secret: fresh })).status).toBe(200);
    expect((Number(await ends()) - Date.now()) / 60_000).toBeCloseTo(60, 0);
  });
});

describe("what is refused stores nothing", () => {
  const signed = (body: string | Uint8Array, more = {}) => ({ body, hookId: 9, ...more });
  let secret: string;
  beforeEach(async () => {
    ({ secret } = await ingest.connect({ id: 42, fullName: "octocat/shop", hookId: 9 }));
    await ingest.connect({ id: 43, fullName: "octocat/other", hookId: 10 });
  });
  afterEach(async () => {
    expect(await rows()).toEqual([]);
  });

  test.each([
    ["unsigned", () => signed(pullRequestPayload({})), 401],
    ["wrongly signed", () => signed(pullRequestPayload({}), { secret: randomToken() }), 401],
    ["signed with an empty secret", () => signed(pullRequestPayload({}), { secret: "" }), 401],
    [
      "signed with another repository's secret",
      () => ({ body: pullRequestPayload({}), hookId: 10, secret }),
      401,
    ],
    ["unsigned and malformed", () => signed("{"), 401],
    ["about another repository", () => signed(pullRequestPayload({ repositoryId: 43 }), { secret }), 403],
    ["oversized and unsigned", () => signed(Buffer.alloc(25 * 1024 * 1024 + 1, " ")), 401],
    ["signed with something else than a signature", () => signed("{}", { headers: notASignature }), 401],
    ["oversized", () => signed(Buffer.alloc(25 * 1024 * 1024 + 1, " "), { secret }), 413],
    ["a gzip bomb", () => bomb(secret), 415],
    ["not JSON", () => signed("{", { secret }), 400],
    ["a JSON array", () => signed("[]", { secret }), 400],
    ["empty", () => signed("", { secret }), 400],
    ["not UTF-8", () => signed(Uint8Array.of(0x7b, 0xff, 0x7d), { secret }), 400],
    ["without its event's name", () => signed(pullRequestPayload({}), { secret, event: "" }), 400],
    ["a pull request without a head", () => signed(headless, { secret }), 400],
  ])("%s", async (_name, delivery, status) => {
    const answer = await ingest.send(delivery());
    expect(answer.status).toBe(status);
    expect(answer.body).toMatchObject({ status, code: expect.any(String), detail: expect.any(String) });
  });

  const notASignature = { "x-hub-signature-256": "sha256=x" };
  const headless = JSON.stringify({
    action: "opened",
    repository: { id: 42, full_name: "octocat/shop" },
    pull_request: { number: 1 },
  });

  function bomb(key: string) {
    const body = gzipSync(Buffer.alloc(64 * 1024 * 1024, " "));
    return signed(body, { secret: key, headers: { "content-encoding": "gzip" } });
  }
});

test("with no secret configured at all, nothing is waved through", async () => {
  await using bare = await startIngest({ globalSecret: false });
  for (const secret of [undefined, "", "undefined", "null"]) {
    const delivery = { body: pullRequestPayload({}), ...(secret !== undefined && { secret }) };
    expect((await bare.send(delivery)).status).toBe(401);
  }
  expect(await bare.db.selectFrom("webhook_events").selectAll().execute()).toEqual([]);
});

describe("duplicates", () => {
  const send = (o: Parameters<typeof pullRequestPayload>[0] & { guid?: string; hookId?: number }) =>
    ingest.send({
      body: pullRequestPayload(o),
      secret: ingest.globalSecret,
      guid: o.guid ?? randomUUID(),
      ...(o.hookId !== undefined && { hookId: o.hookId }),
    });

  test("a redelivery names the first one and adds no row", async () => {
    const guid = randomUUID();
    const first = await send({ guid });
    expect(await send({ guid })).toEqual({
      status: 200,
      body: { status: "duplicate", event_id: first.body["event_id"], reason: expect.any(String) },
    });
    expect(await rows()).toHaveLength(1);
  });

  test("a redelivery of one that failed arms it again", async () => {
    const guid = randomUUID();
    const first = await send({ guid });
    expect(await ingest.waitingJobs()).toBe(1);
    await ingest.db
      .updateTable("webhook_events")
      .set({ status: "failed", error: "no", attempts: 5 })
      .execute();
    expect((await send({ guid })).body).toEqual({ status: "queued", event_id: first.body["event_id"] });
    expect(await rows()).toMatchObject([{ status: "pending", error: null, attempts: 0 }]);
  });

  test("an identical event within the hour gets a row of its own, without payload, that names the first", async () => {
    const first = await send({ hookId: 9 });
    const second = await send({ hookId: 10 });
    expect(second.body).toMatchObject({ status: "duplicate", event_id: first.body["event_id"] });
    expect((await rows())[1]).toMatchObject({
      hook_id: 10,
      status: "duplicate",
      duplicate_of: first.body["event_id"],
      payload: null,
    });
    expect(await ingest.waitingJobs()).toBe(1);
  });

  test.each([
    ["another head", { headSha: "b".repeat(40) }],
    ["another number", { number: 8 }],
    ["another action", { action: "reopened" }],
    ["another repository", { repositoryId: 43 }],
  ])("%s is no duplicate", async (_name, difference) => {
    await send({});
    expect((await send(difference)).body).toMatchObject({ status: "queued" });
  });

  test("a head that comes back after another one counts again", async () => {
    await send({ action: "synchronize" });
    await send({ action: "synchronize", headSha: "b".repeat(40) });
    await ingest.db.updateTable("webhook_events").set({ status: "completed" }).execute();
    const back = await send({ action: "synchronize" });
    expect(back.body).toMatchObject({ status: "queued" });
    const again = { status: "duplicate", event_id: back.body["event_id"] };
    expect((await send({ action: "synchronize" })).body).toMatchObject(again);
  });

  test("a change of the base counts each time, one of the title never", async () => {
    const retarget = { action: "edited", changes: { base: { ref: { from: "main" } } } };
    for (const _ of ["there", "and back"]) {
      expect((await send(retarget)).body).toMatchObject({ status: "queued" });
    }
    const [row] = await rows();
    expect(parseWebhookEvent("pull_request", JSON.parse(row?.payload?.toString() ?? ""))).toMatchObject({
      kind: "review",
      action: "edited",
    });
    const rename = { action: "edited", changes: { title: { from: "A" } } };
    expect((await send(rename)).body).toMatchObject({ status: "ignored" });
  });

  test("a head that comes back after it was superseded counts again", async () => {
    await send({});
    await ingest.db.updateTable("webhook_events").set({ status: "superseded" }).execute();
    expect((await send({})).body).toMatchObject({ status: "queued" });
  });

  test("an identical event counts again after an hour, and after the first one failed", async () => {
    await send({});
    await ingest.db
      .updateTable("event_keys")
      .set({ expires_at: new Date(Date.now() - 1) })
      .execute();
    expect((await send({})).body).toMatchObject({ status: "queued" });
    await ingest.db.updateTable("webhook_events").set({ status: "failed" }).execute();
    const third = await send({});
    expect(third.body).toMatchObject({ status: "queued" });
    expect((await send({})).body).toMatchObject({ status: "duplicate", event_id: third.body["event_id"] });
  });

  test("of a hundred identical ones at once, by many hooks, one is queued", async () => {
    const answers = await Promise.all(Array.from({ length: 100 }, (_, hook) => send({ hookId: hook + 1 })));
    const byStatus = Object.groupBy(answers, ({ body }) => String(body["status"]));
    expect(byStatus["queued"]).toHaveLength(1);
    expect(byStatus["duplicate"]).toHaveLength(99);
    expect(new Set(answers.map(({ body }) => body["event_id"])).size).toBe(1);
    expect(await ingest.waitingJobs()).toBe(1);
  });
});

test("without a database the answer is 503 with a time to come back, soon", async () => {
  await ingest.loseDatabase();
  const answer = await ingest.send({ body: pullRequestPayload({}), secret: ingest.globalSecret });
  expect(answer.status).toBe(503);
});
