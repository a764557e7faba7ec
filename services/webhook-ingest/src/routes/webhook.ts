import { isWebhookSignature } from "@nectr/crypto";
import { Problem } from "@nectr/service";
import express, { type RequestHandler, Router } from "express";
import type { AppDeps } from "../app.ts";
import { type Delivery, readDelivery } from "../delivery.ts";
import { storeEvent, type StoredEvent } from "../event-store.ts";
import { signatureRefused, verifyDelivery } from "../verify-delivery.ts";

/** GitHub's own bound on a payload (docs.github.com, "Webhook events and payloads"). */
const bodyLimit = 25 * 1024 * 1024;

/**
 * `POST /api/v1/webhooks/github`: verify, decide, store, answer, and only then enqueue, so that neither Redis nor a
 * worker is on the answer's path.
 */
export function webhookRoute(deps: AppDeps): Router {
  const outcomes = deps.metrics.counter({
    name: "webhook_deliveries_total",
    help: "Verified webhook deliveries, by what became of them",
    labels: ["status"],
  });
  // The bytes as they came, whatever the content type claims: the signature is over them.
  const rawBody = express.raw({ type: () => true, limit: bodyLimit });

  return Router().post("/api/v1/webhooks/github", requireSignature, rawBody, async (request, response) => {
    const body: unknown = request.body;
    const delivery = readDelivery(request.headers, Buffer.isBuffer(body) ? body : Buffer.alloc(0));
    const stored = await receive(deps, delivery).catch(refuseUnavailable);
    outcomes.inc({ status: stored.status });
    response.json({ status: stored.status, event_id: stored.eventId, reason: stored.reason });
    if (stored.status === "queued") deps.enqueuer.enqueue(stored);
  });
}

/** Without the form of a signature no byte of the body is read: nobody's memory is filled by a stranger. */
const requireSignature: RequestHandler = (request, _response, next) => {
  if (!isWebhookSignature(request.get("x-hub-signature-256"))) throw signatureRefused();
  next();
};

async function receive(deps: AppDeps, delivery: Delivery): Promise<StoredEvent> {
  return await storeEvent(deps.db, delivery, await verifyDelivery(deps, delivery));
}

/** Nothing was stored: GitHub must see a failure, so that the delivery can be had again. */
function refuseUnavailable(cause: unknown): never {
  if (cause instanceof Problem) throw cause;
  throw new Problem({
    status: 503,
    code: "storage_unavailable",
    detail: "The event could not be stored. Deliver it again.",
    headers: { "retry-after": "30" },
    cause,
  });
}
