import { expect, test } from "vitest";
import { type Answer, type Client, clientOf, numbered, openShop } from "./world.ts";

const query = `query($owner: String!, $name: String!, $at: String!) {
  repository(owner: $owner, name: $name) {
    file: object(expression: $at) { __typename oid ... on Blob { text isBinary isTruncated byteSize } }
  }
}`;
const shopNames = { owner: "octocat", name: "shop" };

function ask(
  client: Client,
  at: string,
  { path = "/graphql", ...names }: { path?: string; name?: string } = {},
): Promise<Answer> {
  return client("POST", path, { body: { query, variables: { ...shopNames, ...names, at } } });
}

function fileIn({ json }: Answer) {
  return (json as { data: { repository: { file: unknown } } }).data.repository.file;
}

test("a query reads a file, a folder and a commit out of the repository, under both addresses", async () => {
  await using shop = await openShop();
  const { octocat, headSha, simulator } = shop;
  const file = { __typename: "Blob", text: numbered, byteSize: numbered.length, isBinary: false };
  expect(fileIn(await ask(octocat, "main:src/a.txt"))).toMatchObject({ ...file, isTruncated: false });
  expect(fileIn(await ask(octocat, "main:src/a.txt", { path: "/api/graphql" }))).toMatchObject(file);
  expect(fileIn(await ask(octocat, `${headSha}:src`))).toMatchObject({ __typename: "Tree" });
  expect(fileIn(await ask(octocat, headSha))).toMatchObject({ __typename: "Commit", oid: headSha });
  expect(fileIn(await ask(octocat, `${headSha}:image.bin`))).toMatchObject({ isBinary: true, text: null });
  expect(fileIn(await ask(octocat, `${headSha}:no-such`))).toBeNull();
  expect(fileIn(await ask(octocat, `${"0".repeat(40)}:README.md`))).toBeNull();
  expect(simulator.violations()).toEqual([]);
});

test("a long file is cut, and one in another encoding comes in UTF-8", async () => {
  await using shop = await openShop();
  const files = { "long.txt": "ä".repeat(300_000), "latin.txt": new Uint8Array([0x66, 0xfc, 0x72]) };
  const commit = { repository: "octocat/shop", branch: "main", message: "More" };
  await shop.simulator.commit({ ...commit, files });
  const long = fileIn(await ask(shop.octocat, "main:long.txt"));
  expect(long).toMatchObject({ isTruncated: true, isBinary: null, byteSize: 600_000 });
  expect(long).toMatchObject({ text: "ä".repeat(256_000) });
  expect(fileIn(await ask(shop.octocat, "main:latin.txt"))).toMatchObject({ text: "für", byteSize: 3 });
});

test("whoever may not see a repository is told that there is none, and a former name leads to it", async () => {
  await using shop = await openShop();
  const missing = {
    data: { repository: null },
    errors: [
      {
        type: "NOT_FOUND",
        path: ["repository"],
        message: "Could not resolve to a Repository with the name 'octocat/shop'.",
      },
    ],
  };
  expect((await ask(shop.stranger, "main:README.md")).json).toMatchObject(missing);
  expect((await ask(shop.octocat, "main:README.md", { name: "shops" })).json).toMatchObject({
    data: { repository: null },
  });
  expect((await ask(clientOf(shop.simulator, "no-such-token"), "main:README.md")).status).toBe(401);
  shop.simulator.renameRepository("octocat/shop", "store");
  expect(fileIn(await ask(shop.octocat, "main:README.md"))).toMatchObject({ text: "# Shop\n" });
});

test("what GitHub's schema has not, or what is no query, is refused and counts as a violation", async () => {
  await using shop = await openShop();
  const answer = await shop.octocat("POST", "/graphql", { body: { query: "{ viewer { shoeSize } }" } });
  expect(answer.status).toBe(200);
  expect(answer.json).toMatchObject({ errors: [{ message: expect.stringContaining("viewer") }] });
  expect(answer.json).not.toHaveProperty("data");
  expect(shop.simulator.violations()).toMatchObject([{ kind: "schema", method: "POST", path: "/graphql" }]);
  expect((await shop.octocat("POST", "/graphql", { body: { variables: {} } })).status).toBe(400);
});

test("queries have an allowance of their own, count as no writes, and tell of limits with a good status", async () => {
  await using shop = await openShop();
  const { octocat, simulator } = shop;
  const rates = async () =>
    ((await octocat("GET", "/rate_limit")).json as { resources: Record<string, { used: number }> }).resources;
  const before = await rates();
  const { headers } = await ask(octocat, "main:README.md");
  expect(headers.get("x-ratelimit-resource")).toBe("graphql");
  const after = await rates();
  expect(after["graphql"]?.used).toBe(1);
  expect(after["core"]?.used).toBe(before["core"]?.used);
  expect(simulator.writes()).toEqual([]);

  simulator.faults.add({
    path: "/graphql",
    times: 1,
    effect: { kind: "primary-limit", resetInSeconds: 60 },
  });
  const limited = await ask(octocat, "main:README.md");
  expect([limited.status, limited.headers.get("x-ratelimit-remaining")]).toEqual([200, "0"]);
  expect(limited.json).toMatchObject({ errors: [{ type: "RATE_LIMIT" }] });
  simulator.faults.add({ path: "/graphql", times: 1, effect: { kind: "secondary-limit", retryAfter: 30 } });
  const secondary = await ask(octocat, "main:README.md");
  expect([secondary.status, secondary.headers.get("retry-after")]).toEqual([200, "30"]);
});

test("code is searched in the default branch, ten times a minute", async () => {
  await using shop = await openShop();
  const search = (q: string, client = shop.octocat) =>
    client("GET", `/search/code?q=${encodeURIComponent(q)}&per_page=30`, {
      headers: { accept: "application/vnd.github.text-match+json" },
    });
  const found = await search('"LINE 3" repo:octocat/shop');
  expect(found.headers.get("x-ratelimit-resource")).toBe("code_search");
  expect(found.json).toMatchObject({
    total_count: 2,
    items: [
      { path: "old.txt", repository: { full_name: "octocat/shop" } },
      { path: "src/a.txt", text_matches: [{ fragment: expect.stringContaining("line 3\n") }] },
    ],
  });
  expect((await search('"line three" repo:octocat/shop')).json).toMatchObject({ total_count: 0, items: [] });
  expect((await search('"line 3" repo:octocat/shop', shop.stranger)).status).toBe(422);
  expect(shop.simulator.violations()).toEqual([]);
  for (let searches = 3; searches <= 10; searches += 1) await search('"line 3" repo:octocat/shop');
  const tooMany = await search('"line 3" repo:octocat/shop');
  expect([tooMany.status, tooMany.headers.get("x-ratelimit-remaining")]).toEqual([403, "0"]);
  expect((await shop.octocat("GET", "/user")).status).toBe(200);
});
