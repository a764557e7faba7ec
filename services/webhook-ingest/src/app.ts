import type { IncomingMessage, RequestListener } from "node:http";
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
import express from "express";
import type { BodyLimits } from "./read-body.ts";
import type { ReceiveDeps } from "./receive.ts";
import { createWebhookListener, webhookPath } from "./webhook-listener.ts";

export interface AppDeps extends ReceiveDeps {
  readonly bodyLimits: BodyLimits;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly ready: Readonly<Record<string, HealthCheck>>;
}

/** The whole HTTP surface of webhook-ingest: deliveries ahead of the Express app, everything else by it. */
export function createApp(deps: AppDeps): RequestListener {
  const refusals = new WeakMap<IncomingMessage, unknown>();
  const app = express().disable("x-powered-by");
  app.use(requestId());
  // Ahead of the metrics: a delivery was counted when it came.
  app.use((request, _response, next) => next(refusals.get(request)));
  app.use(requestMetrics(deps.metrics));
  app.use(healthRoutes({ ready: deps.ready, metrics: deps.metrics, logger: deps.logger }));
  app.use(notFound(), problemHandler({ logger: deps.logger }));

  const webhook = createWebhookListener({
    ...deps,
    refuse(request, response, error) {
      refusals.set(request, error);
      app(request, response);
    },
  });
  return (request, response) => (isDelivery(request) ? webhook : app)(request, response);
}

/** As Express would match it: in any case, with or without a slash at the end, whatever the query. */
const deliveryUrl = new RegExp(String.raw`^${webhookPath}/?(\?|$)`, "i");

function isDelivery({ method, url = "" }: IncomingMessage): boolean {
  return method === "POST" && deliveryUrl.test(url);
}
