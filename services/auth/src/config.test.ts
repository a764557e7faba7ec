import { generateFernetKey } from "@nectr/crypto";
import { ConfigError } from "@nectr/service";
import { expect, test } from "vitest";
import { readConfig } from "./config.ts";
import { sessionCookie, stateCookie } from "./routes/cookies.ts";

const least = { DATABASE_URL: "postgres://localhost/nectr", SECRET_KEY: generateFernetKey() };
const production = { ...least, APP_ENV: "production", BACKEND_URL: "https://nectr.example.com" };

test("a database and a key are enough to begin with", () => {
  expect(readConfig(least)).toMatchObject({
    production: false,
    port: 8000,
    backendUrl: "http://localhost:8000",
    frontendUrl: "http://localhost:8000",
    webhookUrl: "http://localhost:8000",
    sessionMinutes: 1440,
    trustedProxies: 0,
  });
});

test("every problem is named at once, and no value is repeated", () => {
  const read = () =>
    readConfig({ SECRET_KEY: "too-short", ACCESS_TOKEN_EXPIRE_MINUTES: "-1", GITHUB_CLIENT_ID: "an-id" });
  for (const name of ["DATABASE_URL", "SECRET_KEY", "ACCESS_TOKEN_EXPIRE_MINUTES", "GITHUB_CLIENT_SECRET"]) {
    expect(read).toThrow(name);
  }
  expect(read).toThrow(`node -p "crypto.randomBytes(32).toString('base64url') + '='"`);
  expect(read).not.toThrow(/too-short/);
});

test.each([
  ["cut short", (key: string) => key.slice(1)],
  ["one of two missing", (key: string) => `${key},`],
  // 32 bytes end within a letter: the two bits left over are zero in the one text that a key has.
  ["with bits to spare", (key: string) => `${key.slice(0, 42)}B=`],
])("a key %s is a problem of the configuration", (_, spoil) => {
  const read = () => readConfig({ ...least, SECRET_KEY: spoil(generateFernetKey()) });
  expect(read).toThrow(ConfigError);
  expect(read).toThrow(
    /^The configuration has 1 problem:\n {2}SECRET_KEY cannot be used: Key \d of \d is not/,
  );
});

test("production wants https, but on this machine", () => {
  expect(() => readConfig({ ...production, BACKEND_URL: "http://nectr.example.com" })).toThrow(
    /BACKEND_URL.*https/,
  );
  expect(() => readConfig({ ...production, FRONTEND_URL: "http://app.example.com" })).toThrow(
    /FRONTEND_URL.*https/,
  );
  expect(readConfig({ ...production, BACKEND_URL: "http://localhost:8080" }).production).toBe(true);
});

test("GITHUB_PAT alone serves one person, on this machine alone", () => {
  const personal = { ...least, GITHUB_PAT: "ghp_x" };
  expect(readConfig(personal).personalToken).toBe("ghp_x");
  const team = { ...personal, GITHUB_CLIENT_ID: "id", GITHUB_CLIENT_SECRET: "secret" };
  expect(readConfig({ ...team, BACKEND_URL: "https://nectr.example.com" }).personalToken).toBeUndefined();
  const open = {
    HOST: "0.0.0.0",
    BACKEND_URL: "https://nectr.example.com",
    FRONTEND_URL: "https://a.example",
  };
  for (const [name, value] of Object.entries(open)) {
    expect(() => readConfig({ ...personal, [name]: value })).toThrow(
      new RegExp(`${name} must be this machine`),
    );
  }
});

test.each([
  ["development", least, { name: "nectr_session", secure: false, sameSite: "lax" }],
  ["production", production, { name: "__Host-nectr_session", secure: true, sameSite: "lax" }],
  [
    "production with a frontend on a neighbouring host",
    { ...production, FRONTEND_URL: "https://app.example.com" },
    { name: "__Host-nectr_session", secure: true, sameSite: "lax" },
  ],
  [
    "production with a frontend on another site",
    { ...production, FRONTEND_URL: "https://nectr.example.net" },
    { name: "__Host-nectr_session", secure: true, sameSite: "none" },
  ],
])("the session's cookie in %s", (_, environment, { name, ...options }) => {
  const cookie = sessionCookie(readConfig(environment));
  expect(cookie).toMatchObject({
    name,
    options: { httpOnly: true, path: "/", maxAge: 86_400_000, ...options },
  });
});

test("the state's cookie comes along when GitHub sends the person back, on any setting", () => {
  const { name, options } = stateCookie(
    readConfig({ ...production, FRONTEND_URL: "https://nectr.example.net" }),
  );
  expect(name).toBe("__Host-nectr_state");
  expect(options).toMatchObject({
    httpOnly: true,
    path: "/",
    secure: true,
    sameSite: "lax",
    maxAge: 600_000,
  });
  expect(stateCookie(readConfig(least)).name).toBe("nectr_state");
});
