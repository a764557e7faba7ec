import { expect, test } from "vitest";
import { z } from "zod";
import { clientOf, openShop, type Shop } from "./world.ts";

const logSchema = z.object({ requests: z.array(z.looseObject({ path: z.string() })) });

function steer({ simulator }: Shop) {
  return async (method: string, path: string, body?: unknown) => {
    const response = await fetch(`${simulator.url}/_simulator${path}`, {
      method,
      headers: { "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const json: unknown = text === "" ? undefined : JSON.parse(text);
    return { status: response.status, json };
  };
}

test("another process makes users, repositories, pull requests and faults over HTTP", async () => {
  await using shop = await openShop();
  const { simulator } = shop;
  const ask = steer(shop);
  const mona = z.object({ token: z.string() }).parse((await ask("POST", "/users", { login: "mona" })).json);
  expect(await ask("POST", "/users", { login: "mona" })).toMatchObject({
    status: 422,
    json: { message: "the login mona is taken" },
  });
  await ask("POST", "/repositories", { owner: "mona", name: "art", members: { hubot: "read" } });
  const commit = { repository: "mona/art", message: "Paint" };
  await ask("POST", "/commits", { ...commit, branch: "main", files: { "a.txt": "a\n" } });
  await ask("POST", "/commits", { ...commit, branch: "more", files: { "a.txt": null, "b.txt": "b\n" } });
  const pull = await ask("POST", "/pulls", {
    repository: "mona/art",
    head: "more",
    title: "More",
    author: "mona",
  });
  expect(pull.json).toMatchObject({ number: 1 });

  const client = clientOf(simulator, mona.token);
  const path = "/repos/mona/art/pulls/1";
  const fault = await ask("POST", "/faults", {
    path: { matches: "/pulls/\\d+$" },
    effect: { kind: "status", status: 500, when: "before" },
  });
  expect((await client("GET", path)).status).toBe(500);
  expect((await client("GET", "/user")).status).toBe(200);
  await ask("DELETE", `/faults/${z.object({ id: z.string() }).parse(fault.json).id}`);
  expect((await client("GET", path)).json).toMatchObject({ title: "More" });

  const log = logSchema.parse((await ask("GET", "/log")).json);
  expect(log.requests.filter((entry) => entry.path === path)).toMatchObject([
    { status: 500, user: "mona" },
    { status: 200, user: "mona" },
  ]);
  await ask("DELETE", "/tokens", { token: mona.token });
  expect((await client("GET", path)).status).toBe(401);
  expect((await ask("POST", "/faults", { effect: { kind: "flood" } })).status).toBe(422);
});

test("another process renames, transfers, shuts out and ends tokens over HTTP", async () => {
  await using shop = await openShop();
  const ask = steer(shop);
  const rename = { repository: "octocat/shop", name: "store" };
  expect((await ask("POST", "/renames", rename)).json).toEqual({ fullName: "octocat/store" });
  expect((await ask("POST", "/renames", rename)).status).toBe(422);
  const transfer = { repository: "octocat/store", owner: "stranger" };
  expect((await ask("POST", "/transfers", transfer)).json).toEqual({ fullName: "stranger/store" });
  const member = { repository: "stranger/store", login: "hubot" };
  expect((await ask("DELETE", "/collaborators", member)).status).toBe(204);
  expect((await shop.hubot("GET", "/repos/stranger/store")).status).toBe(404);
  expect((await ask("PATCH", "/app", { expiringTokens: true })).status).toBe(204);
  expect((await ask("PATCH", "/app", { expiringTokens: "yes" })).status).toBe(422);
  expect((await ask("POST", "/tokens/expire", { login: "octocat" })).status).toBe(204);
  expect((await ask("POST", "/tokens/expire", { login: "nobody" })).status).toBe(422);
});
