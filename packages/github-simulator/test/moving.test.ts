import { expect, test } from "vitest";
import { createSimulator } from "../src/index.ts";
import { clientOf, idOf, openReceiver, openShop, type Shop } from "./world.ts";

/** Asks without following where the answer leads. */
function ask({ simulator, octocat }: Shop, method: string, path: string, { token } = octocat) {
  return fetch(new URL(path, simulator.url), {
    method,
    redirect: "manual",
    headers: { authorization: `Bearer ${token}`, "user-agent": "test" },
  });
}

test("a renamed repository is found by its new name and its id, and its old name leads there", async () => {
  await using shop = await openShop();
  const { simulator, octocat } = shop;
  const id = idOf(await octocat("GET", "/repos/octocat/shop"));
  expect(simulator.renameRepository("octocat/shop", "Store")).toBe("octocat/Store");

  const renamed = { id, full_name: "octocat/Store" };
  expect((await octocat("GET", "/repos/octocat/store")).json).toMatchObject(renamed);
  expect((await octocat("GET", `/repositories/${id}`)).json).toMatchObject(renamed);

  const read = await ask(shop, "GET", "/repos/OCTOCAT/shop/pulls?state=all");
  expect(read.status).toBe(301);
  expect(read.headers.get("location")).toBe(`${simulator.url}/repositories/${id}/pulls?state=all`);
  const enterprise = await ask(shop, "GET", "/api/v3/repos/octocat/shop");
  expect(enterprise.headers.get("location")).toBe(`${simulator.url}/api/v3/repositories/${id}`);
  expect((await ask(shop, "PATCH", "/repos/octocat/shop/pulls/1")).status).toBe(307);

  expect((await octocat("GET", "/repos/octocat/shop")).json).toMatchObject(renamed);
  expect((await octocat("GET", "/api/v3/repos/octocat/shop/pulls/1")).json).toMatchObject({ number: 1 });
  const comment = { body: { body: "Written under the old name" } };
  expect((await octocat("POST", "/repos/octocat/shop/issues/1/comments", comment)).status).toBe(201);
  expect(simulator.comments("octocat/Store", 1)).toMatchObject([{ login: "octocat" }]);
  expect(simulator.writes()).toMatchObject([{ status: 201, path: "/repos/octocat/Store/issues/1/comments" }]);
  expect(simulator.violations()).toEqual([]);
});

test("an old name says nothing to those who may not see the repository", async () => {
  await using shop = await openShop();
  const id = idOf(await shop.octocat("GET", "/repos/octocat/shop"));
  shop.simulator.renameRepository("octocat/shop", "store");
  expect((await ask(shop, "GET", "/repos/octocat/shop", shop.stranger)).status).toBe(404);
  expect((await shop.stranger("GET", `/repositories/${id}`)).status).toBe(404);
});

test("an old name leads where it led until a repository takes it, and after a restart too", async () => {
  await using shop = await openShop();
  const { simulator, octocat, dataDir } = shop;
  const id = idOf(await octocat("GET", "/repos/octocat/shop"));
  simulator.renameRepository("octocat/shop", "store");
  simulator.renameRepository("octocat/store", "market");
  const later = await createSimulator({ dataDir });
  try {
    const client = clientOf(later, octocat.token);
    for (const name of ["shop", "store", "market"]) {
      expect(idOf(await client("GET", `/repos/octocat/${name}`))).toBe(id);
    }
  } finally {
    await later.close();
  }

  const taken = await simulator.createRepository({ owner: "octocat", name: "shop" });
  expect(idOf(await octocat("GET", "/repos/octocat/shop"))).toBe(taken.id);
  simulator.renameRepository("octocat/shop", "other");
  expect(idOf(await octocat("GET", "/repos/octocat/shop"))).toBe(taken.id);
  expect(idOf(await octocat("GET", "/repos/octocat/store"))).toBe(id);

  simulator.renameRepository("octocat/other", "store");
  simulator.renameRepository("octocat/store", "other");
  expect(idOf(await octocat("GET", "/repos/octocat/store"))).toBe(taken.id);
  simulator.renameRepository("octocat/market", "store");
  expect((await ask(shop, "GET", "/repos/octocat/store")).status).toBe(200);
  expect(() => simulator.renameRepository("octocat/store", "Other")).toThrow("octocat/Other exists");
  expect(() => simulator.renameRepository("octocat/store", "a/b")).toThrow("no name");
  expect(simulator.renameRepository("octocat/store", "STORE")).toBe("octocat/STORE");
});

test("a transferred repository keeps its webhook, and who gave it away stays in it", async () => {
  await using shop = await openShop();
  await using receiver = await openReceiver();
  const { simulator, octocat, hubot } = shop;
  const hook = { events: ["issues"], config: { url: receiver.url, content_type: "json" } };
  await octocat("POST", "/repos/octocat/shop/hooks", { body: hook });
  await simulator.createUser({ login: "acme", type: "Organization" });

  expect(simulator.transferRepository("octocat/shop", "hubot")).toBe("hubot/shop");
  const permissions = { admin: false, push: true };
  expect((await octocat("GET", "/repos/octocat/shop")).json).toMatchObject({
    full_name: "hubot/shop",
    owner: { login: "hubot" },
    permissions,
  });
  await hubot("POST", "/repos/hubot/shop/issues", { body: { title: "A bug" } });
  await simulator.deliveriesSettled();
  expect(JSON.parse(receiver.received.at(-1)?.body.toString() ?? "")).toMatchObject({
    action: "opened",
    repository: { full_name: "hubot/shop" },
  });

  simulator.transferRepository("hubot/shop", "acme");
  expect((await hubot("GET", "/repos/acme/shop")).json).toMatchObject({ permissions: { admin: true } });
  expect((await octocat("GET", "/repos/octocat/shop")).json).toMatchObject({
    full_name: "acme/shop",
    permissions,
  });
});

test("a collaborator who is removed sees a private repository no more", async () => {
  await using shop = await openShop();
  expect((await shop.hubot("GET", "/repos/octocat/shop")).status).toBe(200);
  shop.simulator.removeCollaborator("octocat/shop", "hubot");
  expect((await shop.hubot("GET", "/repos/octocat/shop")).status).toBe(404);
  expect((await shop.hubot("GET", "/user/repos")).json).toEqual([]);
  expect((await shop.octocat("GET", "/repos/octocat/shop")).status).toBe(200);
});
