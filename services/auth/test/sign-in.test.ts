import { sha256 } from "@nectr/crypto";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { type AuthService, startAuthService } from "./auth-service.ts";
import { locationOf } from "./browser.ts";

let service: AuthService;

beforeAll(async () => {
  service = await startAuthService(inject("postgresUrl"));
  await service.github.createUser({ login: "octocat", name: "Mona", email: "mona@example.com" });
});
afterAll(() => service[Symbol.asyncDispose]());

describe("sign-in", () => {
  test("ends on the page with a session", async () => {
    const browser = service.browser();
    expect((await browser.call("GET", "/auth/me")).body).toMatchObject({
      status: 401,
      code: "not_signed_in",
    });

    const page = await browser.beginSignIn();
    expect(page.origin).toBe(service.github.url);
    expect(Object.fromEntries(page.searchParams)).toMatchObject({
      client_id: service.github.clientId,
      redirect_uri: `${service.url}/auth/github/callback`,
      scope: "repo read:user user:email read:org",
      code_challenge_method: "S256",
      state: expect.stringMatching(/^[\w-]{43}$/),
    });
    const answer = await browser.visit(await browser.authorize(page, "octocat"));
    expect(locationOf(answer)).toBe(`${service.url}/`);
    expect(answer.headers.getSetCookie().find((line) => line.startsWith("nectr_session="))).toMatch(
      /; Max-Age=86400; Path=\/; Expires=[^;]+; HttpOnly; SameSite=Lax$/,
    );

    const me = await browser.call("GET", "/auth/me");
    expect(me.status).toBe(200);
    expect(me.headers.get("cache-control")).toBe("no-store");
    expect(me.body).toMatchObject({
      user: { login: "octocat", name: "Mona", email: "mona@example.com" },
      token_state: "active",
    });
    expect(await service.db.selectFrom("oauth_states").selectAll().execute()).toEqual([]);
  });

  test("of one person twice is one user", async () => {
    await service.browser().signIn("octocat");
    await service.browser().signIn("octocat");
    const users = await service.db.selectFrom("users").select(["login", "scopes"]).execute();
    expect(users).toEqual([{ login: "octocat", scopes: "repo read:user user:email read:org" }]);
  });

  test("leads back to the path that was asked for", async () => {
    const end = await service.browser().signIn("octocat", "/auth/github?return_to=%2Freviews%3Fpage%3D2");
    expect(end).toBe(`${service.url}/reviews?page=2`);
  });

  test.each(["//attacker.example", "https://attacker.example", "/\\attacker.example"])(
    "does not lead to %s",
    async (path) => {
      const query = new URLSearchParams({ return_to: path }).toString();
      expect((await service.browser().visit(`/auth/github?${query}`)).status).toBe(400);
    },
  );

  test("replaces the session that the browser had", async () => {
    const browser = await service.signedIn("octocat");
    const before = browser.cookies.get("nectr_session") ?? "";
    await browser.signIn("octocat");
    const other = service.browser();
    other.cookies.set("nectr_session", before);
    expect((await other.call("GET", "/auth/me")).body).toMatchObject({ code: "session_expired" });
  });
});

describe("a callback", () => {
  test("replayed 100 times at once succeeds once", async () => {
    const browser = service.browser();
    const callback = await browser.authorize(await browser.beginSignIn(), "octocat");
    const cookies = new Map(browser.cookies);
    const ends = await Promise.all(
      Array.from({ length: 100 }, async () => {
        const replay = service.browser();
        for (const [name, value] of cookies) replay.cookies.set(name, value);
        return locationOf(await replay.visit(callback));
      }),
    );
    expect(ends.filter((end) => end === `${service.url}/`)).toHaveLength(1);
    expect(ends.filter((end) => end === `${service.url}/?error=invalid_state`)).toHaveLength(99);
  });

  test("in another browser is refused, and the state is still good in its own", async () => {
    const attacker = service.browser();
    const callback = await attacker.authorize(await attacker.beginSignIn(), "octocat");
    const victim = service.browser();
    await victim.beginSignIn();
    expect(locationOf(await victim.visit(callback))).toBe(`${service.url}/?error=invalid_state`);
    expect(victim.cookies.has("nectr_session")).toBe(false);
    expect(locationOf(await attacker.visit(callback))).toBe(`${service.url}/`);
  });

  test("after ten minutes is refused", async () => {
    const browser = service.browser();
    const callback = await browser.authorize(await browser.beginSignIn(), "octocat");
    service.pass(10);
    expect(locationOf(await browser.visit(callback))).toBe(`${service.url}/?error=invalid_state`);
    await service.browser().beginSignIn();
    const hash = sha256(new URL(callback).searchParams.get("state") ?? "");
    const left = await service.db
      .selectFrom("oauth_states")
      .selectAll()
      .where("state_hash", "=", hash)
      .execute();
    expect(left).toEqual([]);
  });

  test.each([
    ["without a state", "?code=abc"],
    ["with a made-up state", "?code=abc&state=made-up"],
    ["with nothing", ""],
  ])("%s is refused", async (_, query) => {
    const browser = service.browser();
    await browser.beginSignIn();
    const end = locationOf(await browser.visit(`/auth/github/callback${query}`));
    expect(end).toBe(`${service.url}/?error=invalid_state`);
  });

  test("of a person who does not agree says so", async () => {
    const browser = service.browser();
    const callback = await browser.authorize(await browser.beginSignIn(), "octocat", "cancel");
    expect(locationOf(await browser.visit(callback))).toBe(`${service.url}/?error=access_denied`);
  });

  test("with a code that GitHub does not know says so", async () => {
    const browser = service.browser();
    const callback = new URL(await browser.authorize(await browser.beginSignIn(), "octocat"));
    callback.searchParams.set("code", "unknown");
    expect(locationOf(await browser.visit(callback.href))).toBe(
      `${service.url}/?error=bad_verification_code`,
    );
  });

  test("while GitHub is down says so, and the next one works", async () => {
    const browser = service.browser();
    const callback = await browser.authorize(await browser.beginSignIn(), "octocat");
    const effect = { kind: "status", status: 503, when: "before" } as const;
    service.github.faults.add({ path: "/login/oauth/access_token", times: 1, effect });
    expect(locationOf(await browser.visit(callback))).toBe(`${service.url}/?error=github_unavailable`);
    expect(await browser.signIn("octocat")).toBe(`${service.url}/`);
  });

  test("asked for by a program is answered with a problem document that says what to do", async () => {
    const headers = { accept: "application/problem+json" };
    const answer = await service.browser().visit("/auth/github/callback?code=a&state=b", { headers });
    expect(answer.status).toBe(400);
    expect(answer.headers.get("content-type")).toMatch(/^application\/problem\+json/);
    expect(await answer.json()).toMatchObject({
      code: "invalid_state",
      detail: expect.stringMatching(/^Invalid or expired OAuth state\. Sign in again/),
    });
    const mismatch = await service
      .browser()
      .visit("/auth/github/callback?error=redirect_uri_mismatch", { headers });
    const toSet = expect.stringContaining(`${service.url}/auth/github/callback`);
    expect(await mismatch.json()).toMatchObject({ code: "redirect_uri_mismatch", detail: toSet });
  });
});

test("an OAuth app that GitHub does not know, or none, is named as the reason", async () => {
  await using wrong = await startAuthService(inject("postgresUrl"), {
    variables: { GITHUB_CLIENT_SECRET: "not-the-secret" },
  });
  await wrong.github.createUser({ login: "octocat" });
  expect(await wrong.browser().signIn("octocat")).toBe(`${wrong.url}/?error=incorrect_client_credentials`);

  await using none = await startAuthService(inject("postgresUrl"), {
    variables: { GITHUB_CLIENT_ID: "", GITHUB_CLIENT_SECRET: "" },
  });
  expect(locationOf(await none.browser().visit("/auth/github"))).toBe(
    `${none.url}/?error=oauth_not_configured`,
  );
});

test("too many sign-ins from one address are refused for a while", async () => {
  await using limited = await startAuthService(inject("postgresUrl"), { limits: { signIns: 2 } });
  const visits = [1, 2, 3].map(() => limited.browser().visit("/auth/github"));
  const ends = (await Promise.all(visits)).map(locationOf);
  expect(ends.filter((end) => end === `${limited.url}/?error=rate_limited`)).toHaveLength(1);
});

test("whoever opens the machine's other name is sent to the one of BACKEND_URL", async () => {
  const { port } = new URL(service.url);
  const response = await fetch(`http://localhost:${port}/auth/github?return_to=/x`, { redirect: "manual" });
  expect(locationOf(response)).toBe(`${service.url}/auth/github?return_to=/x`);
});
