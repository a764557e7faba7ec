import type { Fernet } from "@nectr/crypto";
import type { Db } from "@nectr/db";
import {
  type HealthCheck,
  healthRoutes,
  type Logger,
  type Metrics,
  notFound,
  problemHandler,
  requestId,
  requestMetrics,
} from "@nectr/service";
import express, { type Express } from "express";
import type { Enqueuer } from "./enqueuer.ts";
import { webhookRoute } from "./routes/webhook.ts";

export interface AppDeps {
  readonly db: Db;
  readonly fernet: Fernet;
  /** Serves deliveries that name no hook of ours; absent: those are refused. */
  readonly globalSecret: string | undefined;
  readonly enqueuer: Enqueuer;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly ready: Readonly<Record<string, HealthCheck>>;
}

/** The whole HTTP surface of webhook-ingest. */
export function createApp(deps: AppDeps): Express {
  const app = express().disable("x-powered-by");
  app.use(requestId(), requestMetrics(deps.metrics));
  app.use(webhookRoute(deps));
  app.use(healthRoutes({ ready: deps.ready, metrics: deps.metrics, logger: deps.logger }));
  app.use(notFound(), problemHandler({ logger: deps.logger }));
  return app;
}
