import { createServer, request as httpRequest } from "node:http";
import { once } from "node:events";
import express, { type Express } from "express";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import {
  createLogger,
  createMetrics,
  healthRoutes,
  ListenError,
  notFound,
  parseRequest,
  Problem,
  problemHandler,
  requestId,
  requestMetrics,
  startHttpServer,
} from "../src/index.ts";
import type { HttpServer } from "../src/http-server.ts";

let resources: AsyncDisposableStack;
let log: string[];
beforeEach(() => {
  resources = new AsyncDisposableStack();
  log = [];
});
afterEach(() => resources.disposeAsync());

const metrics = createMetrics("test");
const logger = () =>
  createLogger({ service: "test", level: "debug", destination: { write: (line) => void log.push(line) } });

async function serve(
  routes: (app: Express) => void,
  stopGraceMs = 5000,
): Promise<HttpServer & { url: string }> {
  const app = express().disable("x-powered-by").use(requestId(), requestMetrics(metrics));
  routes(app);
  app.use(notFound(), problemHandler({ logger: logger() }));
  const server = resources.use(await startHttpServer({ app, host: "127.0.0.1", port: 0, stopGraceMs }));
  return { ...server, url: `http://127.0.0.1:${server.port}` };
}

describe("problems", () => {
  const routes = (app: Express) => {
    app.post("/json", express.json({ limit: 100 }), (request, response) => {
      response.json(parseRequest(z.object({ labels: z.array(z.string()) }), request.body));
    });
    app.get("/teapot", () => {
      throw new Problem({
        status: 418,
        code: "teapot",
        title: "A teapot",
        detail: "Short and stout.",
        headers: { "retry-after": "5" },
        cause: new Error("inside"),
      });
    });
    app.get("/bug", async () => Promise.reject(new Error("the database at db.internal said no")));
    app.get("/theirs", () => {
      throw Object.assign(new Error("GitHub says Not Found"), { status: 404 });
    });
    app.get("/items/:id", (_request, response) => response.end());
    app.get("/halfway", (_request, response) => {
      response.write("first half");
      throw new Error("second half");
    });
  };
  const post = (url: string, body: string) =>
    fetch(`${url}/json`, { method: "POST", body, headers: { "content-type": "application/json" } });

  test("a Problem is sent as it is, without its cause", async () => {
    const { url } = await serve(routes);
    const response = await fetch(`${url}/teapot`, { headers: { "x-request-id": "from-the-gateway" } });
    expect(response.status).toBe(418);
    expect(response.headers.get("content-type")).toMatch(/^application\/problem\+json/);
    expect(response.headers.get("retry-after")).toBe("5");
    expect(response.headers.get("x-request-id")).toBe("from-the-gateway");
    expect(await response.json()).toEqual({
      type: "about:blank",
      title: "A teapot",
      status: 418,
      detail: "Short and stout.",
      code: "teapot",
      requestId: "from-the-gateway",
    });
  });

  test.each(["/bug", "/theirs"])(
    "%s is a 500 that tells nothing, and is logged under the request's id",
    async (path) => {
      const { url } = await serve(routes);
      const response = await fetch(url + path);
      expect(response.status).toBe(500);
      const body = await response.text();
      expect(body).not.toMatch(/database|db\.internal|GitHub|at /);
      const id: unknown = JSON.parse(body).requestId;
      expect(id).toBe(response.headers.get("x-request-id"));
      expect(log.join("")).toContain(String(id));
      expect(log.join("")).toMatch(/database at db.internal|GitHub says/);
    },
  );

  test("bodies that cannot be read or used", async () => {
    const { url } = await serve(routes);
    expect(await (await post(url, "{ nope: canary")).text()).not.toContain("canary");
    expect(await (await post(url, "{")).json()).toMatchObject({
      status: 400,
      detail: "The body is not valid JSON.",
    });
    expect(await (await post(url, JSON.stringify("x".repeat(200)))).json()).toMatchObject({
      status: 413,
      code: "payload_too_large",
    });
    expect(await (await post(url, JSON.stringify({ labels: ["a", 1] }))).json()).toMatchObject({
      status: 400,
      code: "invalid_request",
      errors: [{ pointer: "/labels/1" }],
    });
  });

  test("no such address, and an address that is not valid", async () => {
    const { url } = await serve(routes);
    expect(await (await fetch(`${url}/nothing`)).json()).toMatchObject({ status: 404, code: "not_found" });
    expect(await (await fetch(`${url}/items/%E0%A4%A`)).json()).toMatchObject({
      status: 400,
      code: "bad_request",
    });
  });

  test("an answer that has begun is cut off, so that nobody takes it for whole", async () => {
    const { url } = await serve(routes);
    await expect(fetch(`${url}/halfway`).then((response) => response.text())).rejects.toThrow();
  });
});

test("requests are timed under their route's template, and an unknown path has no series of its own", async () => {
  const { url } = await serve((app) => app.get("/reviews/:id", (_request, response) => response.json({})));
  for (const path of ["/reviews/secret-one", "/reviews/secret-two", "/secret-three"]) await fetch(url + path);
  await expect.poll(() => metrics.registry.metrics()).toContain('route="unmatched"');
  const text = await metrics.registry.metrics();
  expect(text).toMatch(/nectr_http_request_duration_seconds_count\{[^}]*route="\/reviews\/:id"[^}]*\} 2/);
  expect(text).not.toContain("secret-");
  expect(text.match(/^[a-z]\w+/gm)?.every((name) => name.startsWith("nectr_"))).toBe(true);
});

describe("health", () => {
  const notReady = z.object({
    msg: z.literal("not ready"),
    check: z.string(),
    err: z.object({ message: z.string() }),
  });

  test("ready where every check passes; metrics in Prometheus's format", async () => {
    const { url } = await serve((app) =>
      app.use(healthRoutes({ ready: { database: async () => {} }, metrics, logger: logger() })),
    );
    expect((await fetch(`${url}/health/live`)).status).toBe(200);
    const ready = await fetch(`${url}/health/ready`);
    expect([ready.status, await ready.json()]).toEqual([200, { status: "ok", checks: { database: "ok" } }]);
    expect(await (await fetch(`${url}/metrics`)).text()).toContain(
      'nectr_process_cpu_seconds_total{service="test"}',
    );
  });

  test("not ready says which check failed, not why, within a second or so, and asks a hanging one once", async () => {
    let asked = 0;
    const ready = {
      fine: async () => {},
      broken: () => {
        throw new Error("postgres://u:canary@db");
      },
      hanging: () => {
        asked += 1;
        return new Promise<void>(() => {});
      },
    };
    const { url } = await serve((app) => app.use(healthRoutes({ ready, metrics, logger: logger() })));
    const start = performance.now();
    const answers = await Promise.all([1, 2, 3].map(() => fetch(`${url}/health/ready`)));
    expect(performance.now() - start).toBeLessThan(10_000);
    for (const answer of answers) {
      expect(answer.status).toBe(503);
      expect(await answer.json()).toEqual({
        status: "unavailable",
        checks: { fine: "ok", broken: "failed", hanging: "timed out" },
      });
    }
    expect(asked).toBe(1);
    const heard = log
      .map((line) => notReady.safeParse(JSON.parse(line)).data)
      .filter((entry) => entry !== undefined);
    expect(new Set(heard.map(({ check }) => check))).toEqual(new Set(["broken", "hanging"]));
    expect(heard.find(({ check }) => check === "broken")?.err.message).toMatch(/^postgres:.*@db$/);
    expect(log.join("")).not.toContain("canary");
    expect((await fetch(`${url}/health/live`)).status).toBe(200);
  });
});

describe("the server", () => {
  test("says which port is in use, and what to do", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    resources.defer(() => void other.close());
    const address = other.address();
    const port = typeof address === "object" && address ? address.port : 0;
    const start = startHttpServer({ app: express(), host: "127.0.0.1", port });
    await expect(start).rejects.toThrow(ListenError);
    await expect(start).rejects.toThrow(`Cannot listen on 127.0.0.1:${port}: the port is in use`);
  });

  test("a stop lets the request in flight finish on its kept-alive connection, and takes no more", async () => {
    const entered = Promise.withResolvers<void>();
    const release = Promise.withResolvers<void>();
    // Neither the grace nor the connection's own end (65 s) comes within a test's time.
    const server = await serve(
      (app) =>
        app.get("/slow", async (_request, response) => {
          entered.resolve();
          await release.promise;
          response.send("whole");
        }),
      60_000,
    );
    const slow = fetch(`${server.url}/slow`);
    await entered.promise;
    const stopped = server.stop();
    await expect(fetch(`${server.url}/slow`)).rejects.toThrow();
    release.resolve();
    expect(await (await slow).text()).toBe("whole");
    await stopped;
  });

  test("a stop cuts off what outlasts the grace", async () => {
    const server = await serve((app) => app.get("/never", () => {}), 100);
    const hanging = httpRequest(`${server.url}/never`).end();
    const failed = once(hanging, "error");
    await once(hanging, "finish");
    await server.stop();
    await failed;
  });
});
