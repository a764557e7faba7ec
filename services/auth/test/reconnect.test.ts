import { afterAll, beforeAll, beforeEach, expect, inject, test } from "vitest";
import { type AuthService, startAuthService } from "./auth-service.ts";
import { type Browser, locationOf } from "./browser.ts";

let service: AuthService;
let octocat: Browser;

const path = "/auth/github/reconnect";

beforeAll(async () => {
  service = await startAuthService(inject("postgresUrl"));
  await service.github.createUser({ login: "octocat" });
});
afterAll(() => service[Symbol.asyncDispose]());
beforeEach(async () => {
  octocat = await service.signedIn("octocat");
});

/** What a browser says where the person typed the address. */
const byHand = { "sec-fetch-site": "none" };

function revocations(): number {
  return service.github.requests().filter((one) => one.method === "DELETE" && one.path.endsWith("/grant"))
    .length;
}

test("gives the grant back, asks for consent anew, and ends with a token that works", async () => {
  const before = revocations();
  const page = new URL(locationOf(await octocat.visit(path, { headers: byHand })));
  expect(page.pathname).toBe("/login/oauth/authorize");
  expect(page.searchParams.get("login")).toBe("octocat");
  expect(revocations()).toBe(before + 1);
  expect((await octocat.call("GET", "/auth/me")).body).toMatchObject({ token_state: "reconnect_needed" });
  expect((await octocat.visit(page.href)).status, "GitHub asks, because nothing is granted any more").toBe(
    200,
  );

  const callback = await octocat.authorize(page, "octocat");
  expect(locationOf(await octocat.visit(callback))).toBe(`${service.url}/`);
  expect((await octocat.call("GET", "/auth/me")).body).toMatchObject({ token_state: "active" });
  expect((await octocat.call("GET", "/api/v1/repos")).status).toBe(200);
});

test.each<[string, Record<string, string>]>([
  ["another site", { "sec-fetch-site": "cross-site" }],
  ["a neighbour", { "sec-fetch-site": "same-site" }],
  ["another site's address", { referer: "https://attacker.example/nectr" }],
  [
    "another site that says it is ours",
    { "sec-fetch-site": "same-origin", referer: "https://attacker.example/" },
  ],
  ["nobody knows where", {}],
  ["the address bar, before the person is there", { ...byHand, "sec-purpose": "prefetch;prerender" }],
])("coming from %s, the person is asked first", async (_, headers) => {
  const before = revocations();
  const answer = await octocat.visit(path, { headers });
  expect(answer.status).toBe(200);
  expect(revocations()).toBe(before);
  expect((await octocat.call("GET", "/auth/me")).body).toMatchObject({ token_state: "active" });

  const confirmation = /name="confirmation" value="([^"]+)"/.exec(await answer.text())?.[1] ?? "";
  const body = new URLSearchParams({ confirmation });
  const foreign = { origin: "https://attacker.example" };
  expect((await octocat.visit(path, { method: "POST", body, headers: foreign })).status).toBe(403);
  const made = new URLSearchParams({ confirmation: "made-up" });
  const own = { origin: service.url };
  expect((await octocat.visit(path, { method: "POST", body: made, headers: own })).status).toBe(403);
  const other = await service.signedIn("octocat");
  expect((await other.visit(path, { method: "POST", body, headers: own })).status, "another session's").toBe(
    403,
  );
  expect(revocations()).toBe(before);

  const confirmed = await octocat.visit(path, { method: "POST", body, headers: own });
  expect(confirmed.status).toBe(303);
  expect(locationOf(confirmed)).toContain("/login/oauth/authorize");
  expect(revocations()).toBe(before + 1);
});

test.each<[string, () => Record<string, string>]>([
  ["our page", () => ({ "sec-fetch-site": "same-origin", referer: `${service.url}/` })],
  ["the address bar", () => ({ "sec-fetch-site": "none" })],
])("coming from %s, nothing is asked", async (_, headers) => {
  expect((await octocat.visit(path, { headers: headers() })).status).toBe(303);
});

test("without a session it is signing in", async () => {
  expect(locationOf(await service.browser().visit(path))).toBe("/auth/github");
});

test("a look without a body gives nothing back", async () => {
  const before = revocations();
  expect((await octocat.visit(path, { method: "HEAD", headers: byHand })).status).toBe(200);
  expect(revocations()).toBe(before);
});

test("while GitHub is down nothing is given back", async () => {
  const effect = { kind: "status", status: 502, when: "before" } as const;
  service.github.faults.add({ method: "DELETE", times: 1, effect });
  expect(locationOf(await octocat.visit(path, { headers: byHand }))).toBe(
    `${service.url}/?error=github_unavailable`,
  );
  expect((await octocat.call("GET", "/auth/me")).body).toMatchObject({ token_state: "active" });
});
