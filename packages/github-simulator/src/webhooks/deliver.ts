import { createHmac } from "node:crypto";
import { signWebhook } from "@nectr/crypto";
import type { DeliveryRecord, HookRecord } from "../state/model.ts";
import { noAnswer } from "./delivery-log.ts";

/** GitHub gives a receiver ten seconds. */
const limitMs = 10_000;
const keptBody = 10_000;

/** The body as it is sent: JSON, or a form with the JSON in `payload`. */
export function encodeBody(hook: HookRecord, payload: unknown): Buffer {
  const json = JSON.stringify(payload);
  return Buffer.from(hook.contentType === "json" ? json : new URLSearchParams({ payload: json }).toString());
}

/** The headers of a delivery. Both signatures are there where the hook has a secret, as at GitHub. */
export function deliveryHeaders(
  hook: HookRecord,
  delivery: { guid: string; event: string },
  body: Uint8Array,
): Record<string, string> {
  const signatures: Record<string, string> = hook.secret
    ? {
        "X-Hub-Signature": `sha1=${createHmac("sha1", hook.secret).update(body).digest("hex")}`,
        "X-Hub-Signature-256": signWebhook(hook.secret, body),
      }
    : {};
  return {
    Accept: "*/*",
    "Content-Type": hook.contentType === "json" ? "application/json" : "application/x-www-form-urlencoded",
    "User-Agent": "GitHub-Hookshot/51fd2ae",
    "X-GitHub-Delivery": delivery.guid,
    "X-GitHub-Event": delivery.event,
    "X-GitHub-Hook-ID": String(hook.id),
    "X-GitHub-Hook-Installation-Target-ID": String(hook.repositoryId),
    "X-GitHub-Hook-Installation-Target-Type": "repository",
    ...signatures,
  };
}

/** Sends a delivery once and says how it was answered; it never throws, for a failure is an answer too. */
export async function send(
  url: string,
  headers: Record<string, string>,
  body: Uint8Array<ArrayBuffer>,
  stop: AbortSignal,
): Promise<NonNullable<DeliveryRecord["answer"]>> {
  const started = performance.now();
  const seconds = () => Math.round(performance.now() - started) / 1000;
  try {
    const signal = AbortSignal.any([stop, AbortSignal.timeout(limitMs)]);
    const response = await fetch(url, { method: "POST", headers, body, redirect: "manual", signal });
    const text = await response.text();
    return {
      seconds: seconds(),
      status: response.ok ? "OK" : `Invalid HTTP Response: ${response.status}`,
      code: response.status,
      headers: Object.fromEntries(response.headers),
      body: text.slice(0, keptBody),
    };
  } catch (error) {
    const timedOut = error instanceof Error && error.name === "TimeoutError";
    const answer = timedOut ? noAnswer("timed out", 504) : noAnswer("failed to connect to host", 502);
    return { ...answer, seconds: seconds() };
  }
}
