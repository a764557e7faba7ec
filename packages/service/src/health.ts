import { Router } from "express";
import { DeadlineError, withDeadline } from "./deadline.ts";
import type { Logger } from "./logger.ts";
import type { Metrics } from "./metrics.ts";

const checkLimitMs = 1000;

/** Rejects when the thing it asks about does not work. */
export type HealthCheck = () => Promise<void>;

export interface HealthOptions {
  /** What must answer before the process is sent work, by name: `{ database: () => ping(db) }`. */
  readonly ready: Readonly<Record<string, HealthCheck>>;
  readonly metrics: Metrics;
  /** Is told why a check failed; the answer itself says only which, as it is readable without signing in. */
  readonly logger: Pick<Logger, "warn">;
}

type CheckResult = "ok" | "failed" | "timed out";

/**
 * `GET /health/live`: 200 while the process runs. `GET /health/ready`: 200, or 503 naming the checks that
 * failed or took longer than a second. `GET /metrics`: Prometheus's text format.
 */
export function healthRoutes({ ready, metrics, logger }: HealthOptions): Router {
  const checks = Object.entries(ready).map(([name, check]) => [name, shared(check)] as const);
  const router = Router();

  async function run(name: string, check: HealthCheck): Promise<CheckResult> {
    try {
      await withDeadline(checkLimitMs, check());
      return "ok";
    } catch (error) {
      logger.warn({ err: error, check: name }, "not ready");
      return error instanceof DeadlineError ? "timed out" : "failed";
    }
  }

  router.get("/health/live", (_request, response) => {
    response.set("cache-control", "no-store").json({ status: "ok" });
  });

  router.get("/health/ready", async (_request, response) => {
    const results = await Promise.all(
      checks.map(async ([name, check]) => [name, await run(name, check)] as const),
    );
    const ok = results.every(([, result]) => result === "ok");
    response
      .status(ok ? 200 : 503)
      .set("cache-control", "no-store")
      .json({ status: ok ? "ok" : "unavailable", checks: Object.fromEntries(results) });
  });

  router.get("/metrics", async (_request, response) => {
    response.type(metrics.registry.contentType).send(await metrics.registry.metrics());
  });

  return router;
}

/** One question at a time: probes that come while a dead database has not answered must not pile up on it. */
function shared(check: HealthCheck): HealthCheck {
  const ask = async () => check();
  let pending: Promise<void> | undefined;
  return () =>
    (pending ??= ask().finally(() => {
      pending = undefined;
    }));
}
