import { createSessionTokens, deriveKey, generateFernetKey } from "@nectr/crypto";
import { createHmac } from "node:crypto";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { type AuthService, startAuthService } from "./auth-service.ts";
import type { Browser } from "./browser.ts";

let service: AuthService;
let browser: Browser;

beforeAll(async () => {
  service = await startAuthService(inject("postgresUrl"));
  await service.github.createUser({ login: "octocat" });
  browser = await service.signedIn("octocat");
});
afterAll(() => service[Symbol.asyncDispose]());

/** The good token's claims, signed as the test wants. */
function forge(header: object, changes: object, key = sessionKey()): string {
  const [, payload = ""] = (browser.cookies.get("nectr_session") ?? "").split(".");
  const claims: object = JSON.parse(Buffer.from(payload, "base64url").toString());
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const signed = `${encode(header)}.${encode({ ...claims, ...changes })}`;
  return `${signed}.${createHmac("sha256", key).update(signed).digest("base64url")}`;
}

function sessionKey(): Buffer {
  return deriveKey(service.config.secretKeys[0] ?? "", "session-token");
}

const header = { alg: "HS256", typ: "nectr-session" };
const seconds = () => Math.floor(Date.now() / 1000);

async function statusWith(token: string): Promise<number> {
  const other = service.browser();
  other.cookies.set("nectr_session", token);
  const { status, body } = await other.call("GET", "/auth/me");
  if (status === 401) {
    expect(body).toMatchObject({
      code: "session_expired",
      detail: "Session expired - please log out and sign in again.",
    });
  }
  return status;
}

test("the forging below makes good tokens where nothing is changed", async () => {
  expect(await statusWith(forge(header, {}))).toBe(200);
});

test.each([
  [
    "algorithm none, unsigned",
    () =>
      `${forge({ ...header, alg: "none" }, {})
        .split(".", 2)
        .join(".")}.`,
  ],
  ["algorithm none, signed", () => forge({ ...header, alg: "none" }, {})],
  ["another algorithm's name", () => forge({ ...header, alg: "HS384" }, {})],
  ["another key", () => forge(header, {}, deriveKey(generateFernetKey(), "session-token"))],
  [
    "the key of another purpose",
    () => forge(header, {}, deriveKey(service.config.secretKeys[0] ?? "", "other")),
  ],
  ["another audience", () => forge(header, { aud: "another" })],
  ["another issuer", () => forge(header, { iss: "https://another.example" })],
  ["another type", () => forge({ ...header, typ: "JWT" }, {})],
  ["a time that is over", () => forge(header, { exp: seconds() - 1 })],
  ["no end", () => forge(header, { exp: undefined })],
  ["another user", () => forge(header, { sub: "999999" })],
  ["no token's form", () => "nonsense"],
])("a session token with %s is refused", async (_, make) => {
  expect(await statusWith(make())).toBe(401);
});

test("a key put before the old one signs nobody out", async () => {
  const { secretKeys, backendUrl } = service.config;
  const rotated = createSessionTokens({
    keys: [generateFernetKey(), ...secretKeys].map((key) => deriveKey(key, "session-token")),
    issuer: backendUrl,
    audience: "nectr",
    lifetimeMinutes: 1,
  });
  expect(() => rotated.verify(browser.cookies.get("nectr_session") ?? "")).not.toThrow();
});

test("logging out ends the session at once, everywhere", async () => {
  const leaving = await service.signedIn("octocat");
  const copy = leaving.cookies.get("nectr_session") ?? "";
  expect(await statusWith(copy)).toBe(200);
  expect((await leaving.call("POST", "/auth/logout")).status).toBe(204);
  expect(leaving.cookies.has("nectr_session")).toBe(false);
  expect(await statusWith(copy)).toBe(401);
  expect((await leaving.call("POST", "/auth/logout")).status).toBe(204);
  expect((await browser.call("GET", "/auth/me")).status).toBe(200);
});

test("a session ends after its minutes, whatever the token says", async () => {
  await using brief = await startAuthService(inject("postgresUrl"), {
    variables: { ACCESS_TOKEN_EXPIRE_MINUTES: "5" },
  });
  await brief.github.createUser({ login: "octocat" });
  const visitor = await brief.signedIn("octocat");
  brief.pass(4);
  expect((await visitor.call("GET", "/auth/me")).status).toBe(200);
  brief.pass(1);
  expect((await visitor.call("GET", "/auth/me")).body).toMatchObject({ code: "session_expired" });
});
