import { createHmac, timingSafeEqual } from "node:crypto";

const signatureHeader = /^sha256=([0-9a-f]{64})$/;

/**
 * The value of `X-Hub-Signature-256` for a body: `sha256=` and 64 hexadecimal digits.
 * https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries
 */
export function signWebhook(secret: string, body: Uint8Array): string {
  return `sha256=${digest(secret, body).toString("hex")}`;
}

/**
 * Whether one of the secrets made this `X-Hub-Signature-256`, compared in constant time. Several are valid
 * while a secret is being replaced.
 *
 * Never throws: a header that is absent or malformed is false, and so is the want of a secret. An empty
 * secret is none.
 */
export function verifyWebhookSignature(
  secrets: readonly string[],
  body: Uint8Array,
  header: string | undefined,
): boolean {
  const [, hex] = signatureHeader.exec(header ?? "") ?? [];
  if (hex === undefined) return false;
  const received = Buffer.from(hex, "hex");
  return secrets.some((secret) => secret !== "" && timingSafeEqual(digest(secret, body), received));
}

/** Whether a header has the form of a signature, whosever it is. */
export function isWebhookSignature(header: string | undefined): boolean {
  return signatureHeader.test(header ?? "");
}

function digest(secret: string, body: Uint8Array): Buffer {
  return createHmac("sha256", secret).update(body).digest();
}
