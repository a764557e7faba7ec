import { Validator } from "@seriousme/openapi-schema-validator";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { type AuthService, startAuthService } from "./auth-service.ts";
import type { Browser } from "./browser.ts";
import type { DescribedOperation } from "./conformance.ts";
import { type Sample, samplesOf } from "./samples.ts";
import { storeReview } from "./stored-review.ts";

let service: AuthService;
let samples: Readonly<Record<string, Sample>>;

beforeAll(async () => {
  service = await startAuthService(inject("postgresUrl"));
  const { github, db } = service;
  for (const login of ["octocat", "stranger"]) await github.createUser({ login });
  const { id } = await github.createRepository({ owner: "octocat", name: "shop", private: true });
  await (await service.signedIn("octocat")).call("POST", "/api/v1/repos/octocat/shop/install");
  samples = samplesOf(await storeReview(db, id));
});
afterAll(() => service[Symbol.asyncDispose]());

function sampleOf({ id }: DescribedOperation): Sample {
  const sample = samples[id];
  if (!sample) throw new Error(`the operation ${id} has no sample request`);
  return sample;
}

/** Sends an operation's sample. The browser holds the answer against the description. */
function send(browser: Browser, operation: DescribedOperation, headers: Record<string, string> = {}) {
  const { params = {}, query, json, form } = sampleOf(operation);
  const path = operation.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => params[name] ?? "");
  const own = { accept: "application/json", origin: service.url, "x-requested-with": "nectr" };
  return browser.visit(query === undefined ? path : `${path}?${query}`, {
    method: operation.method.toUpperCase(),
    headers: { ...own, ...(json && { "content-type": "application/json" }), ...headers },
    ...(json && { body: JSON.stringify(json) }),
    ...(form && { body: new URLSearchParams(form) }),
  });
}

test("the description is valid OpenAPI 3.1", async () => {
  const document: unknown = await (await fetch(`${service.url}/api/openapi.json`)).json();
  expect(document).toMatchObject({ openapi: "3.1.0", servers: [{ url: service.url }] });
  const validator = new Validator();
  expect(await validator.validate(Object(document))).toEqual({ valid: true });
});

test("every operation answers its sample as described, and every sample is of one", async () => {
  const { operations } = service.description;
  expect(operations.map(({ id }) => id).toSorted()).toEqual(Object.keys(samples).toSorted());
  const octocat = await service.signedIn("octocat");
  for (const id of Object.keys(samples)) {
    const operation = operations.find((one) => one.id === id);
    if (!operation) throw new Error(id);
    const isBrowsers = operation.path.startsWith("/auth/github");
    const answer = await send(octocat, operation, isBrowsers ? { accept: "text/html" } : {});
    expect(answer.status, `to ${id}`).toBe(sampleOf(operation).status);
  }
});

test("to somebody who is not signed in, nothing is told and nothing is done", async () => {
  const before = service.github.writes().length;
  for (const operation of service.description.operations.filter(({ session }) => session)) {
    // A form is refused for its origin or its proof before anything else is looked at.
    const answer = await send(service.browser(), operation);
    expect(answer.status, `to ${operation.id}`).toBe(401);
  }
  expect(service.github.writes()).toHaveLength(before);
});

test("to another tenant, what they may not see does not exist", async () => {
  const stranger = await service.signedIn("stranger");
  const before = service.github.writes().length;
  for (const operation of service.description.operations) {
    const { stranger: expected } = sampleOf(operation);
    if (expected === "the same") continue;
    const answer = await send(stranger, operation);
    const text = await answer.text();
    expect(answer.status, `to ${operation.id}`).toBe(expected === 404 ? 404 : 200);
    expect(text, `to ${operation.id}`).not.toMatch(/octocat|shop|canary/);
  }
  expect(service.github.writes()).toHaveLength(before);
});

const form = { "content-type": "application/x-www-form-urlencoded" };
const json = { "content-type": "application/json" };
const custom = { "x-requested-with": "nectr" };

describe("no change is taken", () => {
  test.each<[string, (url: string) => Record<string, string>]>([
    ["without an origin", () => ({ ...json, ...custom })],
    ["from the origin null", () => ({ ...json, ...custom, origin: "null" })],
    ["from an origin that begins alike", (url) => ({ ...custom, origin: `${url}.attacker.example` })],
    ["from an origin that ends alike", (url) => ({ ...custom, origin: url.replace("//", "//x") })],
    ["from another port", () => ({ ...custom, origin: "http://127.0.0.1:1" })],
    ["from another scheme", (url) => ({ ...custom, origin: url.replace("http:", "https:") })],
    ["from an origin with a slash", (url) => ({ ...custom, origin: `${url}/` })],
    ["from a form of ours", (url) => ({ ...form, origin: url })],
    ["as plain text", (url) => ({ "content-type": "text/plain", origin: url })],
    ["with nothing else than our origin", (url) => ({ origin: url })],
    ["as JSON in disguise", (url) => ({ "content-type": "text/plain; application/json", origin: url })],
  ])("%s", async (_, headers) => {
    const octocat = await service.signedIn("octocat");
    const before = service.github.writes().length;
    const changes = service.description.operations.filter(({ method }) => method !== "get");
    expect(changes.length).toBeGreaterThan(5);
    for (const { id, method, path } of changes) {
      const answer = await octocat.visit(path.replaceAll(/\{\w+\}/g, "x"), {
        method: method.toUpperCase(),
        headers: { accept: "application/json", ...headers(service.url) },
      });
      expect(answer.status, `to ${id}`).toBe(403);
    }
    expect(service.github.writes()).toHaveLength(before);
    expect((await octocat.call("GET", "/auth/me")).status, "nobody was logged out").toBe(200);
  });
});
