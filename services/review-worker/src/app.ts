import {
  type HealthCheck,
  healthRoutes,
  type Logger,
  type Metrics,
  notFound,
  problemHandler,
  requestId,
} from "@nectr/service";
import express, { type Express } from "express";

/** Health and metrics; the worker's real work comes through the queue. */
export function createApp(deps: {
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly ready: Readonly<Record<string, HealthCheck>>;
}): Express {
  const app = express().disable("x-powered-by");
  app.use(requestId(), healthRoutes({ ready: deps.ready, metrics: deps.metrics, logger: deps.logger }));
  app.use(notFound(), problemHandler({ logger: deps.logger }));
  return app;
}
