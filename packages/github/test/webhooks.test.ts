import { describe, expect, test } from "vitest";
import {
  GitHubInvalid,
  GitHubUnavailable,
  installWebhook,
  listFailedDeliveries,
  redeliverWebhook,
  uninstallWebhook,
  WebhookAccessDenied,
  WebhookLimitReached,
  WebhookUrlRefused,
} from "../src/index.ts";
import { createScriptedGitHub, type Reply } from "./scripted-github.ts";

const shop = { owner: "octocat", name: "shop" };
const settings = { url: "https://nectr.example/api/v1/webhooks/github", secret: "0123456789" };
const wanted = {
  active: true,
  events: ["pull_request"],
  config: { url: settings.url, secret: settings.secret, content_type: "json", insecure_ssl: "0" },
};

/** A repository's hooks; `faults` happen to the coming POSTs. */
async function createHooks(urls: readonly string[], faults: ("unsaid" | "lost" | "taken")[] = []) {
  const hooks: Record<string, unknown>[] = urls.map((url, index) => ({ id: index + 1, config: { url } }));
  const github = await createScriptedGitHub(({ method, path, json }): Reply => {
    if (method === "GET") return { json: hooks };
    const fields = json as Record<string, unknown>;
    if (method === "PATCH") {
      const hook = hooks.find(({ id }) => id === Number(path.split("/").at(-1)));
      return hook === undefined ? { status: 404, json: {} } : { json: Object.assign(hook, fields) };
    }
    const fault = faults.shift();
    if (fault === "lost") return { status: 502, body: "" };
    const hook = { id: hooks.length + 1, ...fields };
    hooks.push(hook);
    if (fault === "unsaid") return { status: 502, body: "" };
    if (fault !== "taken") return { status: 201, json: hook };
    const errors = [{ resource: "Hook", code: "custom", message: "Hook already exists on this repository" }];
    return { status: 422, json: { message: "Validation Failed", errors } };
  });
  const writes = () => github.requests.map(({ method }) => method).filter((method) => method !== "GET");
  return { github, hooks, writes, [Symbol.asyncDispose]: () => github[Symbol.asyncDispose]() };
}

describe("installing", () => {
  test("creates a webhook beside those of others", async () => {
    await using there = await createHooks(["https://ci.example/hook"]);
    expect(await installWebhook(there.github.client(), shop, settings)).toBe(2);
    expect(there.writes()).toEqual(["POST"]);
    expect(there.hooks[1]).toMatchObject({ name: "web", ...wanted });
  });

  test("repairs the one at the same address", async () => {
    await using there = await createHooks([
      "https://ci.example/hook",
      "https://NECTR.example:443/api/v1/webhooks/github",
    ]);
    expect(await installWebhook(there.github.client(), shop, settings)).toBe(2);
    expect(there.writes()).toEqual(["PATCH"]);
    expect(there.hooks).toHaveLength(2);
    expect(there.hooks[1]).toMatchObject(wanted);
  });

  test.each([
    ["unsaid", ["POST", "PATCH"]],
    ["lost", ["POST", "POST"]],
    ["taken", ["POST", "PATCH"]],
  ] as const)("makes one when the first answer is %s", async (fault, writes) => {
    await using there = await createHooks([], [fault]);
    const hookId = await installWebhook(there.github.client(), shop, { ...settings, events: ["push"] });
    expect(there.hooks).toHaveLength(1);
    expect(there.hooks[0]).toMatchObject({ id: hookId, events: ["push"] });
    expect(there.writes()).toEqual(writes);
  });

  test("asks once where GitHub says that it exists and yet does not list it", async () => {
    const errors = [{ message: "Hook already exists on this repository" }];
    await using github = await createScriptedGitHub(({ method }) =>
      method === "GET" ? { json: [] } : { status: 422, json: { message: "Validation Failed", errors } },
    );
    await expect(installWebhook(github.client(), shop, settings)).rejects.toThrow(GitHubInvalid);
    expect(github.requests.map(({ method }) => method)).toEqual(["GET", "POST", "GET"]);
  });

  test.each<[number, Record<string, unknown>, abstract new (...args: never[]) => Error, RegExp]>([
    [404, { message: "Not Found" }, WebhookAccessDenied, /admin of the repository/],
    [403, { message: "Must have admin rights to Repository." }, WebhookAccessDenied, /admin:repo_hook/],
    [
      422,
      {
        message: "Validation Failed",
        errors: [{ message: 'The "pull_request" event cannot have more than 20 hooks' }],
      },
      WebhookLimitReached,
      /remove one/,
    ],
    [
      422,
      {
        message: "Validation Failed",
        errors: [
          { message: "url is not supported because it isn't reachable over the public Internet (localhost)" },
        ],
      },
      WebhookUrlRefused,
      /WEBHOOK_URL/,
    ],
    [502, {}, GitHubUnavailable, /hooks/],
  ])("%i says what to do, without the secret", async (status, json, type, message) => {
    await using github = await createScriptedGitHub(({ method }) =>
      method === "GET" ? { json: [] } : { status, json },
    );
    const error: unknown = await installWebhook(github.client(), shop, settings).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(type);
    expect(error).toMatchObject({ status, message: expect.stringMatching(message) });
    expect(String(error)).not.toContain(settings.secret);
  });
});

test("uninstalling one that is gone is fine", async () => {
  const replies: Reply[] = [{ status: 204 }];
  await using github = await createScriptedGitHub(
    () => replies.shift() ?? { status: 404, json: { message: "Not Found" } },
  );
  await uninstallWebhook(github.client(), shop, 3);
  await uninstallWebhook(github.client(), shop, 3);
  expect(github.requests.map(({ method, path }) => `${method} ${path}`)).toEqual(
    Array(2).fill("DELETE /repos/octocat/shop/hooks/3"),
  );
});

test("failed deliveries are read page by page until the given time, and asked for again", async () => {
  const delivery = (id: number) => ({
    id,
    guid: `guid-${id}`,
    delivered_at: new Date(Date.UTC(2026, 0, 1, 0, id)).toISOString(),
    redelivery: false,
    // As of a server that lists all, whatever it is asked for.
    status: id % 2 === 0 ? "OK" : "Invalid HTTP Response: 503",
    event: "pull_request",
    action: id === 9 ? null : "opened",
  });
  const limits = { "x-ratelimit-remaining": "4321", "x-ratelimit-reset": "1767225600" };
  await using github = await createScriptedGitHub(({ method, query }) => {
    if (method === "POST") return { status: 202, json: {} };
    const from = Number(query.get("cursor")?.slice(1) ?? 9);
    const link = `<http://github.example/?per_page=100&cursor=v${from - 3}>; rel="next"`;
    return { json: [from, from - 1, from - 2].map(delivery), headers: { link, ...limits } };
  });
  const client = github.client();
  const since = new Date(Date.UTC(2026, 0, 1, 0, 5));
  const { failed, allowance } = await listFailedDeliveries(client, shop, 3, { since });
  expect(failed.map(({ id }) => id)).toEqual([9, 7, 5]);
  expect(failed[0]).toEqual({
    id: 9,
    guid: "guid-9",
    deliveredAt: new Date(Date.UTC(2026, 0, 1, 0, 9)),
    redelivery: false,
    event: "pull_request",
    action: undefined,
  });
  expect(allowance).toEqual({ remaining: 4321, resetAt: new Date(Date.UTC(2026, 0, 1)) });
  expect(github.requests.map(({ query }) => query.get("status"))).toEqual(["failure", "failure"]);
  await redeliverWebhook(client, shop, 3, 9);
  expect(github.requests.at(-1)?.path).toBe("/repos/octocat/shop/hooks/3/deliveries/9/attempts");
});
