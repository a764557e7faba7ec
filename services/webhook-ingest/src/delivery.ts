import { isUtf8 } from "node:buffer";
import type { IncomingHttpHeaders } from "node:http";
import { sha256 } from "@nectr/crypto";
import { Problem } from "@nectr/service";

/** One POST of a webhook, read as far as can be done before its signature is known to hold. */
export interface Delivery {
  /** `X-GitHub-Delivery`, or the body's hash where a hand-made call has none. A redelivery keeps it. */
  readonly guid: string;
  /** `X-GitHub-Hook-ID`. */
  readonly hookId: number | undefined;
  /** `X-GitHub-Event`. */
  readonly name: string | undefined;
  /** `X-Hub-Signature-256`. */
  readonly signature: string | undefined;
  readonly body: Buffer;
  /** A form carries the JSON in its field `payload`; everything else is taken for JSON. */
  readonly form: boolean;
}

export function readDelivery(headers: IncomingHttpHeaders, body: Buffer): Delivery {
  const hookId = Number(headerOf(headers, "x-github-hook-id"));
  return {
    guid: headerOf(headers, "x-github-delivery") ?? sha256(body).toString("hex"),
    hookId: Number.isSafeInteger(hookId) && hookId > 0 ? hookId : undefined,
    name: headerOf(headers, "x-github-event"),
    signature: headerOf(headers, "x-hub-signature-256"),
    body,
    form: headers["content-type"]?.startsWith("application/x-www-form-urlencoded") ?? false,
  };
}

/**
 * The payload's JSON text, as bytes.
 * @throws Problem 400 for a form without `payload`, and for text that is not UTF-8.
 */
export function payloadJson({ body, form }: Delivery): Buffer {
  if (!isUtf8(body)) throw malformed("The body is not UTF-8.");
  if (!form) return body;
  const payload = new URLSearchParams(body.toString()).get("payload");
  if (payload === null) throw malformed("The form has no field named payload.");
  return Buffer.from(payload);
}

/** @throws Problem 400 where the payload is not a JSON object. */
export function parsePayload(json: Buffer): Record<string, unknown> {
  let payload: unknown;
  try {
    payload = JSON.parse(json.toString());
  } catch (cause) {
    throw malformed("The payload is not valid JSON.", cause);
  }
  if (isObject(payload)) return payload;
  throw malformed("The payload is not a JSON object.");
}

/** A 400 that says what is wrong with the delivery. */
export function malformed(detail: string, cause?: unknown): Problem {
  return new Problem({ status: 400, code: "malformed_delivery", detail, cause });
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Node joins repeated headers of these names to one string; an empty one counts as absent. */
function headerOf(headers: IncomingHttpHeaders, name: string): string | undefined {
  const value = headers[name];
  return typeof value === "string" && value !== "" ? value : undefined;
}
