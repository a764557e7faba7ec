import express from "express";
import type { Demo } from "./demo-seed.ts";
import type { FaultInjection } from "./faults.ts";
import type { Log } from "./log.ts";
import { createAccessToken } from "./oauth/access-token.ts";
import { createAuthorize } from "./oauth/authorize.ts";
import { createGitOverHttp } from "./git-over-http.ts";
import { createGraphql } from "./graphql/graphql.ts";
import { createPages } from "./pages/pages.ts";
import { type ApiDeps, createApi } from "./rest/api.ts";
import { viewerOf } from "./rest/authenticate.ts";
import type { Simulator } from "./simulator.ts";
import { createSteering } from "./steering/steering.ts";
import type { World } from "./world.ts";

interface AppDeps extends ApiDeps {
  readonly faults: FaultInjection;
  readonly simulator: Simulator;
  readonly demo: (() => Demo) | undefined;
}

/** Everything that answers: steering, then (behind the faults) OAuth, git, the API and the pages. */
export function createApp(deps: AppDeps): express.Express {
  const { world, log, faults } = deps;
  const app = express();
  app.disable("x-powered-by").disable("etag").set("query parser", "simple");
  app.use(recordRequests(world, log));
  app.use("/_simulator", createSteering(deps.simulator, deps.demo));
  app.use(faults.middleware);
  app.use(createGitOverHttp(world, deps.onError));
  app.use(createAuthorize(world));
  app.use(createAccessToken(world));
  const api = createApi(deps);
  app.use(createGraphql(deps));
  app.use("/api/v3", api);
  app.use(api);
  app.use(createPages(world));
  return app;
}

function recordRequests(world: World, log: Log): express.RequestHandler {
  return (req, res, next) => {
    const started = performance.now();
    const at = world.now().toISOString();
    const { pathname, search } = new URL(req.originalUrl, world.url);
    const user = viewerOf(world, req.headers)?.user.login;
    res.on("close", () => {
      const status = res.writableFinished ? res.statusCode : undefined;
      const ms = Math.round(performance.now() - started);
      log.request({ at, method: req.method, path: pathname, query: search.slice(1), user, status, ms });
    });
    next();
  };
}
