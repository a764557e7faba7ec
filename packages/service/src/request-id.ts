import { randomUUID } from "node:crypto";
import type { RequestHandler, Response } from "express";

const header = "x-request-id";

/** Names each request in its answer's `X-Request-Id`: by the gateway's name for it where that is sound, else by a new one. */
export function requestId(): RequestHandler {
  return (request, response, next) => {
    response.set(header, nameRequest(request.get(header)));
    next();
  };
}

/** What a request is called. @param given in its header `X-Request-Id`: kept where it is sound */
export function nameRequest(given: string | string[] | undefined): string {
  return typeof given === "string" && /^[\w-]{8,64}$/.test(given) ? given : randomUUID();
}

/** The name that {@link requestId} gave. A request that failed before it was named gets one now. */
export function requestIdOf(response: Response): string {
  const known = response.getHeader(header);
  if (typeof known === "string") return known;
  const id = randomUUID();
  if (!response.headersSent) response.set(header, id);
  return id;
}
