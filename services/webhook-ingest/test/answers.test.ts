import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type IngestUnderTest, pullRequestPayload, startIngest } from "./ingest-under-test.ts";
import { signWebhook } from "@nectr/crypto";

// Deliveries are answered ahead of the Express app, and refused by it. Nobody must be able to tell.

let ingest: IngestUnderTest;
let log: Record<string, unknown>[];
beforeEach(async () => {
  log = [];
  ingest = await startIngest({ onLog: (line) => void log.push(JSON.parse(line)) });
});
afterEach(() => ingest[Symbol.asyncDispose]());

const path = "/api/v1/webhooks/github";
const request = (url: string, init: RequestInit = {}) => fetch(`http://127.0.0.1:${ingest.port}${url}`, init);
const deliver = (url: string, headers: Record<string, string> = {}) => {
  const body = pullRequestPayload({});
  const signature = signWebhook(ingest.globalSecret, Buffer.from(body));
  return request(url, {
    method: "POST",
    body,
    headers: { "x-github-event": "pull_request", "x-hub-signature-256": signature, ...headers },
  });
};
const unsigned = { "x-hub-signature-256": "" };

describe("what is taken and what is refused", () => {
  test.each([
    ["taken", {}, 200],
    ["refused", unsigned, 401],
  ])("is named alike where it is %s", async (_what, headers, status) => {
    const named = await deliver(path, { ...headers, "x-request-id": "from-the-gateway" });
    expect([named.status, named.headers.get("x-request-id")]).toEqual([status, "from-the-gateway"]);
    const unnamed = await deliver(path, { ...headers, "x-request-id": "no good name" });
    expect(unnamed.headers.get("x-request-id")).toMatch(/^[0-9a-f-]{36}$/);
  });

  test("is counted under one route, each once", async () => {
    await deliver(path);
    await deliver(path, unsigned);
    await deliver(path, unsigned);
    const line = (status: number, count: number) =>
      `nectr_http_request_duration_seconds_count{service="webhook-ingest",method="POST",route="${path}",status="${status}"} ${count}`;
    const metrics = async () => (await request("/metrics")).text();
    await expect.poll(metrics).toContain(line(401, 2));
    expect(await metrics()).toContain(line(200, 1));
    expect(await metrics()).toContain(
      'nectr_webhook_deliveries_total{status="queued",service="webhook-ingest"} 1',
    );
    expect(await metrics()).not.toContain('route="unmatched"');
  });
});

test("a refusal is a problem document with the request's id, and is logged under it", async () => {
  const answer = await deliver(path, unsigned);
  expect(answer.headers.get("content-type")).toMatch(/^application\/problem\+json/);
  const body: unknown = await answer.json();
  const requestId = answer.headers.get("x-request-id");
  expect(body).toMatchObject({ type: "about:blank", status: 401, code: "signature_refused", requestId });
  expect(log).toContainEqual(expect.objectContaining({ level: "debug", requestId }));
});

test("what could not be stored is logged as an error, with what was in the way", async () => {
  await ingest.loseDatabase();
  const answer = await deliver(path);
  expect([answer.status, answer.headers.get("retry-after")]).toEqual([503, "30"]);
  const requestId = answer.headers.get("x-request-id");
  expect(log).toContainEqual(
    expect.objectContaining({
      level: "error",
      requestId,
      err: expect.objectContaining({ cause: expect.anything() }),
    }),
  );
});

test.each([`${path}/`, path.toUpperCase(), `${path}?from=github`])(
  "%s is the address as well, as Express would have it",
  async (url) => {
    expect((await deliver(url)).status).toBe(200);
  },
);

test.each([
  ["another method", path, { method: "GET" }],
  ["another path", `${path}/more`, { method: "POST" }],
])("%s is not found", async (_name, url, init) => {
  const answer = await request(url, init);
  expect([answer.status, await answer.json()]).toMatchObject([404, { code: "not_found" }]);
});

test("health is still answered", async () => {
  expect((await request("/health/live")).status).toBe(200);
  expect((await request("/health/ready")).status).toBe(200);
});
