import { createHmac, timingSafeEqual } from "node:crypto";
import type { Request } from "express";

/** The check as GitHub's documentation shows it. */
export function isSignedWith(secret: string, request: Request): boolean {
  const body: unknown = request.body;
  if (!Buffer.isBuffer(body)) return false;
  const expected = Buffer.from(`sha256=${createHmac("sha256", secret).update(body).digest("hex")}`);
  const received = Buffer.from(request.get("x-hub-signature-256") ?? "");
  return expected.length === received.length && timingSafeEqual(expected, received);
}
