import { ping } from "@nectr/db";
import { healthRoutes, notFound, problemHandler, requestId, requestMetrics } from "@nectr/service";
import cookieParser from "cookie-parser";
import express, { type Express } from "express";
import type { AuthContext } from "./context.ts";
import type { Route } from "./routes/api/operation.ts";
import { serve } from "./routes/api/serve.ts";
import { callbackRoute } from "./routes/callback.ts";
import { allowFrontend, guardOrigin, noStore } from "./routes/cross-origin.ts";
import { docsRoutes } from "./routes/docs.ts";
import { explainErrors, showSignInErrors } from "./routes/errors.ts";
import { eventRoute } from "./routes/events.ts";
import { installationRoutes } from "./routes/installations.ts";
import { linkRoute } from "./routes/link.ts";
import { refuseForeignHosts, toBackendHost } from "./routes/loopback-host.ts";
import { logoutRoute } from "./routes/logout.ts";
import { meRoute } from "./routes/me.ts";
import { pageRoutes } from "./routes/page.ts";
import { reconnectRoutes } from "./routes/reconnect.ts";
import { repositoryRoute } from "./routes/repositories.ts";
import { reviewRoutes } from "./routes/reviews.ts";
import { securityHeaders } from "./routes/security-headers.ts";
import { signInRoute } from "./routes/sign-in.ts";

/** The service as a listener for `node:http`; nothing listens or connects yet. */
export function createApp(context: AuthContext): Express {
  const { config, db, logger, metrics } = context;
  const app = express();
  app.disable("x-powered-by");
  app.set("trust proxy", config.trustedProxies);

  app.use(requestId(), requestMetrics(metrics));
  app.use(securityHeaders(config), refuseForeignHosts(config));
  app.use(healthRoutes({ ready: { database: () => ping(db) }, metrics, logger }));
  app.use(toBackendHost(config));
  app.use(allowFrontend(config), cookieParser());
  app.use(["/auth", "/api"], noStore());

  const routes = apiRoutes(context);
  const { forms = [], others = [] } = Object.groupBy(routes, ({ operation }) =>
    operation.form ? "forms" : "others",
  );
  // A page's form can send no header. It brings a proof of its own.
  app.use(serve(forms), guardOrigin(config), serve(others));
  app.use(docsRoutes(config, routes), pageRoutes());

  app.use(notFound(), showSignInErrors(context), explainErrors(config), problemHandler({ logger }));
  return app;
}

/** Everything that the API's description tells of. */
function apiRoutes(context: AuthContext): Route[] {
  return [
    signInRoute(context),
    callbackRoute(context),
    linkRoute(context),
    meRoute(context),
    logoutRoute(context),
    ...reconnectRoutes(context),
    repositoryRoute(context),
    ...installationRoutes(context),
    ...reviewRoutes(context),
    eventRoute(context),
  ];
}
