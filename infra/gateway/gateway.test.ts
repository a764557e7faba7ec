import { type ChildProcess, fork, spawnSync } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { createServer, type IncomingHttpHeaders } from "node:http";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from "vitest";
import { generateFernetKey, signWebhook } from "../../packages/crypto/src/index.ts";
import { findFreePort } from "@nectr/local";
import { type RunningGateway, startGateway } from "./running-gateway.ts";

const hasNginx = spawnSync("which", ["nginx"]).status === 0;
const webhooks = "/api/v1/webhooks/github";
const mebibyte = 1024 * 1024;
const nobody = "unix:";

/** What came through to a service. */
interface Arrival {
  readonly method: string | undefined;
  readonly path: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly bytes: number;
  readonly sha256: string;
}

/** A service that notes what reaches it. */
async function startUpstream(name: string) {
  const arrivals: Arrival[] = [];
  const server = createServer((request, response) => {
    const hash = createHash("sha256");
    let bytes = 0;
    request.on("data", (chunk: Buffer) => {
      hash.update(chunk);
      bytes += chunk.length;
    });
    request.on("end", () => {
      const { method, url: path, headers } = request;
      arrivals.push({ method, path, headers, bytes, sha256: hash.digest("hex") });
      response.end(name);
    });
  });
  const port = await findFreePort();
  await new Promise<void>((listening) => server.listen(port, "127.0.0.1", listening));
  return { url: `http://127.0.0.1:${port}`, arrivals, close: () => server.close() };
}

/** The real auth, as production runs it. It answers health and metrics to whoever asks it. */
async function startAuth(): Promise<{ url: string; process: ChildProcess }> {
  const port = await findFreePort();
  const root = resolve(import.meta.dirname, "../..");
  const process = fork(join(root, "services/auth/src/main.ts"), {
    env: {
      PORT: String(port),
      DATABASE_URL: inject("postgresUrl"),
      SECRET_KEY: generateFernetKey(),
      LOG_LEVEL: "warn",
      TRUSTED_PROXIES: "1",
    },
  });
  await new Promise<void>((ready, reject) => {
    process.once("message", () => ready());
    process.once("exit", (code) => reject(new Error(`auth ended with ${code}`)));
  });
  return { url: `http://127.0.0.1:${port}`, process };
}

describe.skipIf(!hasNginx)("the gateway (needs nginx)", () => {
  let auth: Awaited<ReturnType<typeof startUpstream>>;
  let ingest: Awaited<ReturnType<typeof startUpstream>>;
  let gateway: RunningGateway;

  beforeAll(async () => {
    auth = await startUpstream("auth");
    ingest = await startUpstream("webhook-ingest");
    gateway = await startGateway({ AUTH_URL: auth.url, INGEST_URL: ingest.url, TRUSTED_PROXY: nobody });
  });
  afterAll(async () => {
    await gateway[Symbol.asyncDispose]();
    auth.close();
    ingest.close();
  });
  beforeEach(() => {
    auth.arrivals.length = 0;
    ingest.arrivals.length = 0;
  });

  test("hands a delivery to webhook-ingest as it came, to the byte", async () => {
    const body = randomBytes(100_000);
    const headers = {
      "content-type": "application/json",
      "user-agent": "GitHub-Hookshot/0000000",
      "x-github-delivery": "72d3162e-cc78-11e3-81ab-4c9367dc0958",
      "x-github-event": "pull_request",
      "x-github-hook-id": "292430182",
      "x-github-hook-installation-target-id": "42",
      "x-github-hook-installation-target-type": "repository",
      "x-hub-signature": "sha1=0000",
      "x-hub-signature-256": signWebhook("a secret", body),
    };
    const answer = await gateway.send({ method: "POST", path: webhooks, headers, body });
    expect(answer).toEqual({ status: 200, body: "webhook-ingest" });
    expect(ingest.arrivals).toMatchObject([
      { method: "POST", path: webhooks, headers, sha256: createHash("sha256").update(body).digest("hex") },
    ]);
    expect(auth.arrivals).toEqual([]);
  });

  test("lets through what GitHub may send, 25 MiB, and refuses more", async () => {
    const largest = await gateway.send({ method: "POST", path: webhooks, body: Buffer.alloc(25 * mebibyte) });
    expect(largest.status).toBe(200);
    expect(ingest.arrivals.map(({ bytes }) => bytes)).toEqual([25 * mebibyte]);

    const body = Buffer.alloc(26 * mebibyte);
    for (const headers of [{ "content-length": String(body.length) }, { "transfer-encoding": "chunked" }]) {
      const larger = await gateway.send({ method: "POST", path: webhooks, headers, body });
      expect(larger.status).toBe(413);
    }
    expect(ingest.arrivals).toHaveLength(1);
  });

  test.each([
    "/",
    "/auth/github?next=%2Frepos",
    "/api/v1/repos/a%2Fb",
    `${webhooks}s`,
    "/healthy",
    "/x/metrics",
  ])("hands %s to auth, unchanged", async (path) => {
    expect(await gateway.send({ path })).toEqual({ status: 200, body: "auth" });
    expect(auth.arrivals).toMatchObject([{ method: "GET", path }]);
    expect(ingest.arrivals).toEqual([]);
  });

  test("says by itself who the client is, whatever the client says", async () => {
    const lies = {
      "x-forwarded-for": "203.0.113.7, 198.51.100.1",
      "x-forwarded-host": "evil.example.com",
      "x-forwarded-proto": "https",
      forwarded: "for=203.0.113.7;host=evil.example.com",
    };
    await gateway.send({ path: "/", headers: { host: "nectr.example.com:8000", ...lies } });
    const [arrival] = auth.arrivals;
    expect(arrival?.headers).toMatchObject({
      host: "nectr.example.com:8000",
      "x-forwarded-for": "127.0.0.1",
    });
    for (const name of ["x-forwarded-host", "x-forwarded-proto", "forwarded"]) {
      expect(arrival?.headers).not.toHaveProperty(name);
    }
  });

  test("believes a proxy of the operator's own, but only what that proxy added itself", async () => {
    await using behind = await startGateway({
      AUTH_URL: auth.url,
      INGEST_URL: ingest.url,
      TRUSTED_PROXY: "127.0.0.1",
    });
    await behind.send({ path: "/", headers: { "x-forwarded-for": "203.0.113.7, 198.51.100.1" } });
    expect(auth.arrivals[0]?.headers["x-forwarded-for"]).toBe("198.51.100.1");
  });
});

describe.skipIf(!hasNginx)("what operators alone may see (needs nginx)", () => {
  let auth: Awaited<ReturnType<typeof startAuth>>;
  let gateway: RunningGateway;

  beforeAll(async () => {
    auth = await startAuth();
    gateway = await startGateway({ AUTH_URL: auth.url, INGEST_URL: auth.url, TRUSTED_PROXY: nobody });
  });
  afterAll(async () => {
    await gateway[Symbol.asyncDispose]();
    const exited = new Promise((resolve) => auth.process.once("exit", resolve));
    auth.process.kill("SIGTERM");
    await exited;
  });

  test.each([
    "/metrics",
    "/metrics/",
    "/metrics?x=1",
    "/metrics;x",
    "//metrics",
    "///metrics//",
    "/./metrics",
    "/%6detrics",
    "/%6D%65trics",
    "/METRICS",
    "/Metrics/",
    "/health/../metrics",
    "/x/../metrics",
    "/x/%2e%2e/metrics",
    "/x/..%2fmetrics",
    `${webhooks}/../../../../metrics`,
    "http://localhost/metrics",
    "/health",
    "/health/live",
    "/health/ready",
    "/HEALTH/ready",
    "/health//live",
    "/%68ealth/live",
  ])("%s is 404 from outside", async (path) => {
    const answer = await gateway.send({ path });
    expect(answer.status).toBe(404);
    expect(answer.body).not.toMatch(/process_cpu|"status":"ok"/);
  });

  test("is there for those inside, and the rest of auth for all", async () => {
    const metrics = await fetch(`${auth.url}/metrics`);
    expect(await metrics.text()).toContain("process_cpu");
    expect((await fetch(`${auth.url}/HEALTH/live`)).status).toBe(200);
    expect((await gateway.send({ path: "/" })).body).toContain("<html");
  });
});
