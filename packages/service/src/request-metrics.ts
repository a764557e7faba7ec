import type { Request, RequestHandler } from "express";
import type { Metrics } from "./metrics.ts";

/**
 * Times every request, under its route's template as it was declared (`/api/v1/reviews/:id`). Requests that
 * match no route share the name `unmatched`: a path is the caller's to choose, and would make a time series
 * of each. For the same reason a router's mount path is left out; declare routes with their whole path.
 */
export function requestMetrics(metrics: Metrics): RequestHandler {
  return (request, response, next) => {
    const start = performance.now();
    response.once("close", () => {
      metrics.observeRequest({
        method: request.method,
        route: routeOf(request),
        status: response.statusCode,
        seconds: (performance.now() - start) / 1000,
      });
    });
    next();
  };
}

function routeOf(request: Request): string {
  // Express types the matched route as `any`, and it is absent where nothing matched.
  const route: { path: unknown } | undefined = request.route;
  return route === undefined ? "unmatched" : String(route.path);
}
