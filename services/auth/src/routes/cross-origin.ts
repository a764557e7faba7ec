import type { RequestHandler } from "express";
import type { AuthConfig } from "../config.ts";
import { refusal } from "../problems.ts";

type Addresses = Pick<AuthConfig, "backendUrl" | "frontendUrl">;

const safeMethods = new Set(["GET", "HEAD", "OPTIONS"]);

/** CORS with credentials for the frontend where it is another origin, and for nobody else. */
export function allowFrontend({ backendUrl, frontendUrl }: Addresses): RequestHandler {
  const frontend = new URL(frontendUrl).origin;
  const same = frontend === new URL(backendUrl).origin;
  return (request, response, next) => {
    if (same) return next();
    response.vary("Origin");
    if (request.get("origin") !== frontend) return next();
    response.set({
      "access-control-allow-origin": frontend,
      "access-control-allow-credentials": "true",
      "access-control-expose-headers": "retry-after, x-request-id",
    });
    if (request.method !== "OPTIONS") return next();
    response
      .set({
        "access-control-allow-methods": "GET, POST, PUT, PATCH, DELETE",
        "access-control-allow-headers": "content-type, x-requested-with",
        "access-control-max-age": "600",
      })
      .status(204)
      .end();
  };
}

/**
 * Lets what changes something through only from our own pages: the exact origin, and a content type or a header that
 * no form can send and no foreign page may, without asking first.
 */
export function guardOrigin(addresses: Addresses): RequestHandler {
  const allowed = allowedOrigins(addresses);
  return (request, _response, next) => {
    if (safeMethods.has(request.method)) return next();
    const origin = request.get("origin");
    if (origin === undefined || !allowed.has(origin)) {
      const detail = `A change is only taken from a page at ${[...allowed].join(" or ")}.`;
      throw refusal("origin_not_allowed", detail);
    }
    // Not `request.is`, which sees no content type where there is no content.
    const isJson = /^application\/json\s*(;|$)/i.test(request.get("content-type") ?? "");
    if (!isJson && request.get("x-requested-with") === undefined) {
      throw refusal("header_needed", "Send Content-Type: application/json or the header X-Requested-With.");
    }
    next();
  };
}

/** The origins of our own pages. */
export function allowedOrigins({ backendUrl, frontendUrl }: Addresses): ReadonlySet<string> {
  return new Set([new URL(frontendUrl).origin, new URL(backendUrl).origin]);
}

/** What is answered is for one person and one moment. */
export function noStore(): RequestHandler {
  return (_request, response, next) => {
    response.set("cache-control", "no-store");
    next();
  };
}
