import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { isWebhookSignature } from "@nectr/crypto";
import { type Metrics, nameRequest, Problem } from "@nectr/service";
import type { StoredEvent } from "./arrival.ts";
import { readDelivery } from "./delivery.ts";
import { type BodyLimits, createBodyReader } from "./read-body.ts";
import { receive, type ReceiveDeps } from "./receive.ts";
import { signatureRefused } from "./verify-delivery.ts";

// The fast path: deliveries are answered ahead of the Express app. Its middleware, body parser and answer cost more than
// all that a delivery needs besides, the signature included (decision 72 has the figures). Only what goes well is
// answered here; all that is refused goes on to the app, which answers it as it does everything else.

export interface WebhookListenerDeps extends ReceiveDeps {
  readonly bodyLimits: BodyLimits;
  readonly metrics: Metrics;
  /** Answers an error. */
  readonly refuse: (request: IncomingMessage, response: ServerResponse, error: unknown) => void;
}

export const webhookPath = "/api/v1/webhooks/github";

/** Answers `POST /api/v1/webhooks/github`: verify, decide, store, answer, and only then enqueue. */
export function createWebhookListener(deps: WebhookListenerDeps): RequestListener {
  const readBody = createBodyReader(deps.bodyLimits);
  const outcomes = deps.metrics.counter({
    name: "webhook_deliveries_total",
    help: "Verified webhook deliveries, by what became of them",
    labels: ["status"],
  });

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      refuseUnread(request);
      const body = await readBody(request);
      try {
        const stored = await receive(deps, readDelivery(request.headers, body.bytes));
        outcomes.inc({ status: stored.status });
        answer(request, response, stored);
      } finally {
        body.release();
      }
    } catch (error) {
      deps.refuse(request, response, error);
    }
  }

  return (request, response) => {
    const start = performance.now();
    response.once("close", () => {
      const seconds = (performance.now() - start) / 1000;
      deps.metrics.observeRequest({
        method: "POST",
        route: webhookPath,
        status: response.statusCode,
        seconds,
      });
    });
    void serve(request, response);
  };
}

/** Without the form of a signature no byte of the body is read: nobody's memory is filled by a stranger. */
function refuseUnread({ headers }: IncomingMessage): void {
  const signature = headers["x-hub-signature-256"];
  if (typeof signature !== "string" || !isWebhookSignature(signature)) throw signatureRefused();
  const encoding = headers["content-encoding"] ?? "identity";
  if (encoding === "identity") return;
  // GitHub compresses nothing, and its signature is over the bytes as they are sent.
  throw new Problem({
    status: 415,
    code: "unsupported_media_type",
    detail: "The body must not be compressed.",
  });
}

function answer(request: IncomingMessage, response: ServerResponse, stored: StoredEvent): void {
  const body = JSON.stringify({ status: stored.status, event_id: stored.eventId, reason: stored.reason });
  response.writeHead(200, {
    "content-type": "application/json; charset=utf-8",
    "content-length": Buffer.byteLength(body),
    "x-request-id": nameRequest(request.headers["x-request-id"]),
  });
  response.end(body);
}
