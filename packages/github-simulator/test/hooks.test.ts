import { verifyWebhookSignature } from "@nectr/crypto";
import { expect, test } from "vitest";
import { z } from "zod";
import { idOf, listOf, openReceiver, openShop } from "./world.ts";

const hooks = "/repos/octocat/shop/hooks";
const secret = "not very secret";
const events = ["pull_request", "issue_comment", "push", "pull_request_review", "issues"];

/** What the tests look at in a payload. */
const payloadSchema = z.looseObject({
  action: z.string().optional(),
  pull_request: z.looseObject({ merged: z.boolean().optional() }).optional(),
});

const deliveries = z.array(z.looseObject({ id: z.int(), guid: z.string() }));

function hookAt(url: string, extra: object = {}) {
  return { body: { name: "web", events, config: { url, content_type: "json", secret, ...extra } } };
}

test("a hook is pinged, and then hears signed events of all that happens", async () => {
  await using shop = await openShop();
  await using receiver = await openReceiver();
  const { octocat, simulator } = shop;
  const hook = await octocat("POST", hooks, hookAt(receiver.url));
  expect(hook.json).toMatchObject({ active: true, config: { secret: "********" } });
  await octocat("POST", "/repos/octocat/shop/issues/1/comments", { body: { body: "Hi" } });
  await octocat("POST", "/repos/octocat/shop/pulls/1/reviews", { body: { event: "APPROVE" } });
  const sha = await simulator.commit({
    repository: "octocat/shop",
    branch: "feature",
    files: { "b.txt": "b" },
    message: "b",
  });
  await octocat("PATCH", "/repos/octocat/shop/pulls/1", { body: { title: "Better" } });
  await octocat("PATCH", "/repos/octocat/shop/pulls/1", { body: { state: "closed" } });
  await octocat("PATCH", "/repos/octocat/shop/pulls/1", { body: { state: "open" } });
  await octocat("PUT", "/repos/octocat/shop/pulls/1/merge", { body: {} });
  await simulator.deliveriesSettled();

  const heard = receiver.received.map(({ headers, body }) => {
    expect(verifyWebhookSignature([secret], body, String(headers["x-hub-signature-256"]))).toBe(true);
    expect(headers).toMatchObject({
      "x-github-hook-id": String(idOf(hook)),
      "x-github-hook-installation-target-type": "repository",
      "content-type": "application/json",
    });
    expect(headers["x-github-delivery"]).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4/);
    expect(headers["user-agent"]).toMatch(/^GitHub-Hookshot\//);
    return {
      event: String(headers["x-github-event"]),
      payload: payloadSchema.parse(JSON.parse(body.toString())),
    };
  });
  expect(heard.map(({ event, payload }) => `${event} ${payload.action ?? ""}`.trim()).sort()).toEqual([
    "issue_comment created",
    "ping",
    "pull_request closed",
    "pull_request closed",
    "pull_request edited",
    "pull_request reopened",
    "pull_request synchronize",
    "pull_request_review submitted",
    "push",
    "push",
  ]);
  const synchronize = heard.find(({ payload }) => payload.action === "synchronize")?.payload;
  expect(synchronize).toMatchObject({
    before: shop.headSha,
    after: sha,
    number: 1,
    pull_request: { head: { sha } },
    repository: { full_name: "octocat/shop" },
  });
  const closed = heard.filter(({ payload }) => payload.action === "closed");
  const merged = closed.map(({ payload }) => payload.pull_request?.merged);
  expect(new Set(merged)).toEqual(new Set([false, true]));
  expect(simulator.violations()).toEqual([]);
});

test("failed deliveries are listed page by page, and sent again under the same GUID", async () => {
  await using shop = await openShop();
  let status = 503;
  await using receiver = await openReceiver(() => status);
  const { octocat, simulator } = shop;
  const id = idOf(await octocat("POST", hooks, hookAt(receiver.url, { content_type: "form" })));
  for (const _ of [1, 2, 3]) await octocat("POST", `${hooks}/${id}/pings`);
  await simulator.deliveriesSettled();
  status = 200;

  const first = await octocat("GET", `${hooks}/${id}/deliveries?per_page=3`);
  expect(first.json).toHaveLength(3);
  expect(listOf(first)[0]).toMatchObject({
    status: "Invalid HTTP Response: 503",
    status_code: 503,
    event: "ping",
    redelivery: false,
  });
  const next = /<([^>]+)>; rel="next"/.exec(first.headers.get("link") ?? "")?.[1] ?? "";
  const second = await octocat("GET", next);
  expect(second.headers.get("link")).toBeNull();

  const [failed, ...others] = deliveries.parse(second.json);
  expect(others).toEqual([]);
  expect((await octocat("POST", `${hooks}/${id}/deliveries/${failed?.id}/attempts`)).status).toBe(202);
  await simulator.deliveriesSettled();
  const [again] = deliveries.parse((await octocat("GET", `${hooks}/${id}/deliveries`)).json);
  expect(again).toMatchObject({ guid: failed?.guid, status: "OK", redelivery: true });
  expect((await octocat("GET", `${hooks}/${id}/deliveries/${again?.id}`)).json).toMatchObject({
    request: { payload: { hook_id: id } },
    response: { payload: '{"status":"queued"}' },
  });
  expect(new URLSearchParams(receiver.received.at(-1)?.body.toString()).get("payload")).toContain('"zen"');
  expect(simulator.violations()).toEqual([]);
});

test("hooks are hidden from all but admins, and wrong ones are refused", async () => {
  await using shop = await openShop();
  expect((await shop.hubot("GET", hooks)).status).toBe(404);
  expect((await shop.octocat("POST", hooks, { body: { config: {} } })).status).toBe(422);
  const id = idOf(await shop.octocat("POST", hooks, hookAt("http://127.0.0.1:9/none")));
  const twice = await shop.octocat("POST", hooks, hookAt("http://127.0.0.1:9/none"));
  expect(twice.json).toMatchObject({ errors: [{ message: "Hook already exists on this repository" }] });
  await shop.simulator.deliveriesSettled();
  const [ping] = listOf(await shop.octocat("GET", `${hooks}/${id}/deliveries`));
  expect(ping).toMatchObject({ status: "failed to connect to host", status_code: 502 });
  expect((await shop.octocat("DELETE", `${hooks}/${id}`)).status).toBe(204);
  expect((await shop.octocat("DELETE", `${hooks}/${id}`)).status).toBe(404);
});
