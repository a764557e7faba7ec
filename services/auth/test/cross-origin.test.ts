import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { type AuthService, startAuthService } from "./auth-service.ts";
import type { Browser } from "./browser.ts";

let service: AuthService;
let octocat: Browser;

const frontend = "http://127.0.0.1:65000";

beforeAll(async () => {
  service = await startAuthService(inject("postgresUrl"), { variables: { FRONTEND_URL: frontend } });
  await service.github.createUser({ login: "octocat" });
  octocat = await service.signedIn("octocat");
});
afterAll(() => service[Symbol.asyncDispose]());

const json = { "content-type": "application/json" };
const custom = { "x-requested-with": "nectr" };

test.each([
  ["the frontend with JSON", () => ({ ...json, origin: frontend })],
  ["the frontend with our header", () => ({ ...custom, origin: frontend })],
  ["our own page", () => ({ ...custom, origin: service.url })],
])("a change from %s is taken", async (_, headers) => {
  const browser = await service.signedIn("octocat");
  expect((await browser.visit("/auth/logout", { method: "POST", headers: headers() })).status).toBe(204);
});

describe("CORS", () => {
  test("is for the frontend, with credentials", async () => {
    const answer = await octocat.visit("/auth/me", { headers: { origin: frontend } });
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      "access-control-allow-origin": frontend,
      "access-control-allow-credentials": "true",
      vary: expect.stringContaining("Origin"),
    });
    const preflight = await octocat.visit("/auth/logout", {
      method: "OPTIONS",
      headers: { origin: frontend, "access-control-request-method": "POST" },
    });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get("access-control-allow-headers")).toContain("x-requested-with");
  });

  test.each(["https://attacker.example", "null", `${frontend}0`, "http://127.0.0.1"])(
    "is not for %s",
    async (origin) => {
      for (const method of ["GET", "OPTIONS"]) {
        const answer = await octocat.visit("/auth/me", { method, headers: { origin } });
        expect([...answer.headers.keys()].filter((name) => name.startsWith("access-control"))).toEqual([]);
        expect(answer.headers.get("vary")).toContain("Origin");
      }
    },
  );
});

test("every answer carries the headers that keep other sites out", async () => {
  for (const path of ["/", "/auth/me", "/api/v1/repos", "/nowhere"]) {
    const { headers } = await octocat.visit(path);
    expect(headers.get("content-security-policy")).toMatch(/^default-src 'self';.*frame-ancestors 'none'/);
    expect(headers.get("content-security-policy")).not.toMatch(/unsafe|\*/);
    expect(Object.fromEntries(headers)).toMatchObject({
      "x-content-type-options": "nosniff",
      "x-frame-options": "DENY",
      "referrer-policy": "same-origin",
    });
    expect(headers.has("x-powered-by")).toBe(false);
  }
});
