import type { RequestHandler } from "express";
import type { AuthConfig } from "../config.ts";
import { isLoopback } from "../loopback.ts";

/**
 * Sends whoever opens `127.0.0.1` on to `localhost`, or the other way round, where that is BACKEND_URL: cookies and
 * origins differ between the two names of the one machine, so a sign-in would fail. A name from outside is left
 * alone, as a proxy may have its reasons.
 */
export function toBackendHost({ backendUrl }: Pick<AuthConfig, "backendUrl">): RequestHandler {
  const backend = new URL(backendUrl);
  return (request, response, next) => {
    const asked = hostOf(request.get("host"));
    const elsewhere =
      request.method === "GET" &&
      isLoopback(backend.hostname) &&
      asked !== undefined &&
      asked.hostname !== backend.hostname &&
      asked.port === backend.port &&
      isLoopback(asked.hostname) &&
      (request.path === "/" || request.path === "/auth/github");
    if (elsewhere) response.redirect(backend.origin + request.originalUrl);
    else next();
  };
}

function hostOf(header: string | undefined): URL | undefined {
  return header !== undefined && URL.canParse(`http://${header}`) ? new URL(`http://${header}`) : undefined;
}
