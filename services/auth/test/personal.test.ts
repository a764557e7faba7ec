import { createSignInLink } from "@nectr/accounts";
import { startHttpServer } from "@nectr/service";
import { request } from "node:http";
import { afterEach, beforeEach, expect, inject, test } from "vitest";
import { createApp } from "../src/app.ts";
import { type AuthService, startAuthService } from "./auth-service.ts";
import { type Browser, locationOf } from "./browser.ts";

let service: AuthService;
let browser: Browser;

beforeEach(async () => {
  service = await startAuthService(inject("postgresUrl"), { personal: "octocat" });
  await service.github.createUser({ login: "hubot" });
  await service.github.createRepository({ owner: "octocat", name: "shop", private: true });
  browser = service.browser();
});
afterEach(() => service[Symbol.asyncDispose]());

/** A link's token. */
function makeLink(minutes = 60): Promise<string> {
  return createSignInLink(service.db, new Date(Date.now() + minutes * 60_000));
}

/** Opens a link, as the page does. */
async function open(by: Browser, link?: string) {
  return by.call("POST", "/auth/link", { token: link ?? (await makeLink()) });
}

test("a link signs in whom GITHUB_PAT belongs to, and their repositories are polled", async () => {
  expect((await open(browser)).status).toBe(204);
  expect((await browser.call("GET", "/auth/me")).body).toMatchObject({
    user: { login: "octocat" },
    mode: "personal",
    token_state: "active",
  });
  const path = "/api/v1/repos/octocat/shop/install";
  expect((await browser.call("POST", path)).body).toMatchObject({ repository: { connected: true } });
  const polled = () => service.db.selectFrom("repositories").select(["polled", "hook_id"]).execute();
  expect(await polled()).toEqual([{ polled: true, hook_id: null }]);
  expect(service.github.writes(), "no webhook").toEqual([]);
  expect((await browser.call("POST", "/api/v1/repos/octocat/shop/rotate-secret")).body).toMatchObject({
    code: "not_connected",
  });
  expect((await browser.call("DELETE", path)).body).toEqual({ connected: false, webhook: "removed" });
  expect(await polled()).toEqual([{ polled: false, hook_id: null }]);
});

test("a link is good once, for its time, and not made up", async () => {
  const link = await makeLink();
  const answers = await Promise.all(Array.from({ length: 20 }, () => open(service.browser(), link)));
  expect(answers.filter(({ status }) => status === 204)).toHaveLength(1);
  expect(answers.filter(({ status }) => status === 401)).toHaveLength(19);
  expect(answers.find(({ status }) => status === 401)?.body).toMatchObject({ code: "link_invalid" });
  expect((await open(browser, "made-up")).status).toBe(401);
  const old = await makeLink(1);
  service.pass(2);
  expect((await open(browser, old)).status).toBe(401);
});

test("a new token takes the place of one that GitHub refuses", async () => {
  await open(browser);
  service.github.revokeToken(service.config.personalToken ?? "");
  expect((await browser.call("GET", "/api/v1/repos")).body).toMatchObject({
    code: "reconnect_needed",
    detail: expect.stringContaining("GITHUB_PAT"),
  });
  expect((await open(browser)).body).toMatchObject({ code: "token_refused" });
});

test("without a link, everything points to it", async () => {
  expect((await browser.call("GET", "/auth/me")).body).toMatchObject({
    code: "link_needed",
    detail: expect.stringContaining("npm run link"),
  });
  for (const path of ["/auth/github", "/auth/github/reconnect"]) {
    const first = await browser.visit(path);
    const end = locationOf(first) === "/auth/github" ? await browser.visit("/auth/github") : first;
    expect(locationOf(end)).toBe(`${service.url}/?error=link_needed`);
  }
});

test("what may only be read is not reviewed in one's name", async () => {
  await service.github.createRepository({ owner: "hubot", name: "famous" });
  await open(browser);
  expect((await browser.call("POST", "/api/v1/repos/hubot/famous/install")).body).toMatchObject({
    code: "write_access_needed",
  });
});

test("who was served by another token before is served no more, and what they had polled is not", async () => {
  await open(browser);
  await browser.call("POST", "/api/v1/repos/octocat/shop/install");
  const { token } = await service.github.createUser({ login: "successor" });
  const config = { ...service.config, personalToken: token };
  const app = createApp({ ...service.context, config });
  await using other = await startHttpServer({ host: "127.0.0.1", port: 0, app });
  const url = `http://127.0.0.1:${other.port}`;
  const me = () => browser.visit(`${url}/auth/me`, { headers: { accept: "application/json" } });
  expect(await (await me()).json()).toMatchObject({ code: "link_needed" });

  const active = () => service.db.selectFrom("installations").select("active").execute();
  expect(await active()).toEqual([{ active: true }]);
  const answer = await service.browser().visit(`${url}/auth/link`, {
    method: "POST",
    headers: { origin: service.url, "content-type": "application/json" },
    body: JSON.stringify({ token: await makeLink() }),
  });
  expect(answer.status).toBe(204);
  expect(await active()).toEqual([{ active: false }]);
});

test.each(["/", "/metrics", "/health/ready"])(
  "a name from outside that was made to point here gets nothing at %s",
  async (path) => {
    const { port } = new URL(service.url);
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const headers = { host: `attacker.example:${port}` };
      request({ host: "127.0.0.1", port, path, headers }, (answer) => {
        answer.resume();
        resolve(answer.statusCode);
      })
        .on("error", reject)
        .end();
    });
    expect(status).toBe(421);
  },
);
