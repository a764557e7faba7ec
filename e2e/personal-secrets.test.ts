import { generateFernetKey, randomToken, sha256 } from "@nectr/crypto";
import { expect, test } from "vitest";
import { defective, sound } from "./src/changes.ts";
import { expectHidden } from "./src/expect-hidden.ts";
import { trouble } from "./src/github-trouble.ts";
import { untilEvent, untilReviewed } from "./src/outcomes.ts";
import { cloneShop, createShop, openPullRequest } from "./src/shop.ts";
import { startWatchedSystem } from "./src/watched-system.ts";

test("where one person is served, neither their token nor their links come to light", async () => {
  const key = generateFernetKey();
  const noApp = { GITHUB_CLIENT_ID: undefined, GITHUB_CLIENT_SECRET: undefined };
  await using system = await startWatchedSystem({
    environment: { SECRET_KEY: key, ...noApp, POLL_SECONDS: "1" },
  });
  const { db, simulator, authUrl } = system.nectr;
  const shop = await createShop(simulator);
  const token = shop.tokens.octocat;
  await system.nectr.restart({ GITHUB_PAT: token });

  const links: string[] = [];

  // Signed in by a link, which is good once.
  const link = await makeLink();
  const signedIn = await open(link);
  expect(signedIn.status).toBe(204);
  expect((await open(link)).status).toBe(401);
  const cookie = signedIn.headers.getSetCookie()[0]?.split(";")[0] ?? "";
  expect((await post(`/api/v1/repos/${shop.fullName}/install`, {}, cookie)).status).toBe(200);
  await using clone = await cloneShop(simulator, shop);
  await untilReviewed(db, await push("orders", defective("orders")));

  // GitHub fails, and repeats what it was sent: when it is polled, in a review, at the next sign-in.
  trouble(simulator, { method: "GET", path: /\/pulls$/, status: 422, echo: [token] });
  trouble(simulator, { method: "GET", path: /\/pulls\/2$/, status: 500, echo: [token] });
  await untilReviewed(db, await push("fails", sound("fails")));
  for (const [status, answer] of [[401, 401] as const, [403, 502] as const]) {
    trouble(simulator, { method: "GET", path: /^\/user$/, status, echo: [token] });
    expect((await open(await makeLink())).status).toBe(answer);
  }
  trouble(simulator, { method: "GET", path: /\/pulls\/3$/, status: 401, echo: [token] });
  const head = await push("waits", sound("waits"));
  await untilEvent(db, head, { status: "pending", reason: expect.stringContaining("Sign in again") });
  expect((await open(await makeLink())).status).toBe(204);
  await untilReviewed(db, head);

  await expectHidden(system, [
    { name: "SECRET_KEY", value: key },
    { name: "GITHUB_PAT", value: token },
    ...links.map((value) => ({ name: "a link's token", value })),
  ]);

  function post(path: string, body: object, session = ""): Promise<Response> {
    const headers = { "content-type": "application/json", origin: authUrl, cookie: session };
    return fetch(`${authUrl}${path}`, { method: "POST", headers, body: JSON.stringify(body) });
  }

  function open(linkToken: string): Promise<Response> {
    return post("/auth/link", { token: linkToken });
  }

  async function push(branch: string, files: Readonly<Record<string, string>>): Promise<string> {
    const pushed = await clone.push(branch, files);
    await openPullRequest(simulator, shop, branch);
    return pushed;
  }

  /** As `npm run link` does. */
  async function makeLink(): Promise<string> {
    const linkToken = randomToken(32);
    links.push(linkToken);
    const row = { token_hash: sha256(linkToken), expires_at: new Date(Date.now() + 60_000) };
    await db.insertInto("sign_in_links").values(row).execute();
    return linkToken;
  }
});
