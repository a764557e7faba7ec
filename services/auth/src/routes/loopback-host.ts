import { Problem } from "@nectr/service";
import type { RequestHandler } from "express";
import type { AuthConfig } from "../config.ts";
import { isLoopback } from "../loopback.ts";

/**
 * Where one person is served on their own machine, refuses a request that came under another name: a foreign page
 * whose name was made to point here would else be one of our own to the browser.
 */
export function refuseForeignHosts({ personalToken }: Pick<AuthConfig, "personalToken">): RequestHandler {
  return (request, _response, next) => {
    const asked = hostOf(request.get("host"));
    if (personalToken === undefined || (asked !== undefined && isLoopback(asked.hostname))) return next();
    const detail = "This installation answers on its own machine alone, such as under localhost.";
    throw new Problem({ status: 421, code: "misdirected", detail });
  };
}

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
