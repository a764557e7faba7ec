import type { RequestHandler } from "express";
import { rateLimit } from "express-rate-limit";

/**
 * At most so many requests a minute from one address (an IPv6 network counts as one), in this process. The answer to
 * those beyond says in its headers when to come back.
 *
 * @param refusal makes the error for those beyond
 */
export function limitPerMinute(limit: number, refusal: () => Error): RequestHandler {
  return rateLimit({
    windowMs: 60_000,
    limit,
    standardHeaders: "draft-8",
    legacyHeaders: false,
    // How far X-Forwarded-For is believed is settled by TRUSTED_PROXIES; one sent by a browser is no fault of ours.
    validate: { xForwardedForHeader: false },
    handler: (_request, _response, next) => next(refusal()),
  });
}
