import { expect, test } from "vitest";
import { z } from "zod";
import { clientOf, openShop } from "./world.ts";

const logSchema = z.object({ requests: z.array(z.looseObject({ path: z.string() })) });

test("another process makes users, repositories, pull requests and faults over HTTP", async () => {
  await using shop = await openShop();
  const { simulator } = shop;
  const ask = async (method: string, path: string, body?: unknown) => {
    const response = await fetch(`${simulator.url}/_simulator${path}`, {
      method,
      headers: { "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const json: unknown = text === "" ? undefined : JSON.parse(text);
    return { status: response.status, json };
  };
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
