import { expect, test } from "vitest";
import { type Answer, listOf, openShop } from "./world.ts";

const comments = "/repos/octocat/shop/issues/1/comments";

test("private repositories do not exist for strangers, and bad tokens are refused", async () => {
  await using shop = await openShop();
  expect((await shop.stranger("GET", "/repos/octocat/shop")).status).toBe(404);
  expect((await fetch(`${shop.simulator.url}/repos/octocat/shop`)).status).toBe(404);
  shop.simulator.revokeToken(shop.hubot.token);
  const refused = await shop.hubot("GET", "/user");
  expect(refused).toMatchObject({ status: 401, json: { message: "Bad credentials" } });
});

test("an unchanged answer is 304 and costs nothing", async () => {
  await using shop = await openShop();
  const remaining = (answer: { headers: Headers }) => Number(answer.headers.get("x-ratelimit-remaining"));
  const first = await shop.octocat("GET", "/repos/octocat/shop/pulls/1");
  const headers = { "if-none-match": first.headers.get("etag") ?? "" };
  const second = await shop.octocat("GET", "/repos/octocat/shop/pulls/1", { headers });
  expect([second.status, remaining(first), remaining(second)]).toEqual([304, 4999, 4999]);
  await shop.octocat("PATCH", "/repos/octocat/shop/pulls/1", { body: { title: "Other" } });
  const third = await shop.octocat("GET", "/api/v3/repos/octocat/shop/pulls/1", { headers });
  expect(third).toMatchObject({ status: 200, json: { title: "Other" } });
});

test("what GitHub's schema does not know becomes a violation", async () => {
  await using shop = await openShop();
  await shop.octocat("GET", "/repos/octocat/shop/pulls?stat=open");
  await shop.octocat("GET", "/repos/octocat/shop/pulls?state=opened");
  const inline = { path: "src/a.txt", line: 3, body: "x", subject_type: "line" };
  await shop.octocat("POST", "/repos/octocat/shop/pulls/1/reviews", {
    body: { event: "COMMENT", comments: [inline] },
  });
  await shop.octocat("POST", comments, { body: { text: "x" } });
  expect(shop.simulator.violations().map(({ message }) => message)).toEqual([
    "query stat is not known to GitHub",
    "query state must be equal to one of the allowed values: open, closed, all",
    "body/comments/0 must NOT have additional properties: subject_type",
    "body must have required property 'body'",
    "body must NOT have additional properties: text",
  ]);
});

test("pages lead on by Link, also for many files", async () => {
  await using shop = await openShop();
  const files = Object.fromEntries(
    Array.from({ length: 250 }, (_, index) => [`many/${1000 + index}.txt`, "x\n"]),
  );
  await shop.simulator.commit({
    repository: "octocat/shop",
    branch: "many",
    from: "main",
    files,
    message: "Many",
  });
  const { number } = await shop.simulator.openPullRequest({
    repository: "octocat/shop",
    head: "many",
    title: "Many",
    author: "hubot",
  });
  let next: string | undefined = `/repos/octocat/shop/pulls/${number}/files?per_page=100`;
  const names: unknown[] = [];
  while (next) {
    const page: Answer = await shop.octocat("GET", next);
    names.push(...listOf(page).map((file) => file["filename"]));
    next = /<([^>]+)>; rel="next"/.exec(page.headers.get("link") ?? "")?.[1];
  }
  expect(new Set(names).size).toBe(250);
});

test("large pull requests have no diff, and long pages of files are thin at the end", async () => {
  await using shop = await openShop();
  const text = "line\n".repeat(9000);
  const files = { "1.txt": text, "2.txt": text, "3.txt": text, "4.txt": text };
  await shop.simulator.commit({
    repository: "octocat/shop",
    branch: "large",
    from: "main",
    files,
    message: "Large",
  });
  const { number } = await shop.simulator.openPullRequest({
    repository: "octocat/shop",
    head: "large",
    title: "Large",
    author: "hubot",
  });
  const path = `/repos/octocat/shop/pulls/${number}`;
  expect(
    (await shop.octocat("GET", path, { headers: { accept: "application/vnd.github.v3.diff" } })).status,
  ).toBe(406);
  const thin = async (query: string) =>
    listOf(await shop.octocat("GET", `${path}/files${query}`)).map(
      (file) => file["changes"] === 0 && !("patch" in file),
    );
  expect(await thin("")).toEqual([false, false, false, true]);
  expect(await thin("?per_page=1&page=4")).toEqual([false]);
});

test("a fault strikes the requests that it is meant for, before or after the write", async () => {
  await using shop = await openShop();
  const { simulator, octocat, hubot } = shop;
  const post = () => octocat("POST", comments, { body: { body: "Once" } });
  const count = () => simulator.comments("octocat/shop", 1).length;
  const rule = { method: "POST", path: comments, times: 1, user: "octocat" } as const;

  simulator.faults.add({ ...rule, effect: { kind: "reset", when: "before" } });
  await expect(post()).rejects.toThrow();
  expect(count()).toBe(0);
  simulator.faults.add({ ...rule, effect: { kind: "reset", when: "after" } });
  await hubot("POST", comments, { body: { body: "Another's" } });
  await expect(post()).rejects.toThrow();
  expect(count()).toBe(2);
  simulator.faults.add({ ...rule, effect: { kind: "status", status: 502, when: "after" } });
  expect((await post()).status).toBe(502);
  expect(count()).toBe(3);
  simulator.faults.add({ ...rule, effect: { kind: "secondary-limit", retryAfter: 7 } });
  const slowed = await post();
  expect([slowed.status, slowed.headers.get("retry-after")]).toEqual([403, "7"]);
  simulator.faults.add({ ...rule, effect: { kind: "primary-limit", resetAt: 2_000_000_000 } });
  const spent = await post();
  expect([spent.headers.get("x-ratelimit-remaining"), spent.headers.get("x-ratelimit-reset")]).toEqual([
    "0",
    "2000000000",
  ]);
  simulator.faults.add({ path: /\/comments$/, effect: { kind: "hang", when: "before" } });
  await expect(fetch(simulator.url + comments, { signal: AbortSignal.timeout(100) })).rejects.toThrow();
  simulator.faults.clear();
  expect((await post()).status).toBe(201);

  expect(simulator.writes().map(({ user, status }) => `${user} ${status}`)).toEqual([
    "hubot 201",
    "octocat 201",
    "octocat 201",
    "octocat 201",
  ]);
  expect(simulator.hurriedWrites().length).toBeGreaterThan(0);
});
