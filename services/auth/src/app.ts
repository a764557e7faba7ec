import { ping } from "@nectr/db";
import { healthRoutes, notFound, problemHandler, requestId, requestMetrics } from "@nectr/service";
import cookieParser from "cookie-parser";
import express, { type Express } from "express";
import type { AuthContext } from "./context.ts";
import { callbackRoute } from "./routes/callback.ts";
import { allowFrontend, guardOrigin, noStore } from "./routes/cross-origin.ts";
import { explainErrors, showSignInErrors } from "./routes/errors.ts";
import { eventRoutes } from "./routes/events.ts";
import { installationRoutes } from "./routes/installations.ts";
import { toBackendHost } from "./routes/loopback-host.ts";
import { logoutRoute } from "./routes/logout.ts";
import { meRoute } from "./routes/me.ts";
import { pageRoutes } from "./routes/page.ts";
import { reconnectRoutes } from "./routes/reconnect.ts";
import { repositoryRoutes } from "./routes/repositories.ts";
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
  app.use(healthRoutes({ ready: { database: () => ping(db) }, metrics, logger }));
  app.use(securityHeaders(config), toBackendHost(config), allowFrontend(config), cookieParser());
  app.use(["/auth", "/api"], noStore());

  // Its form is guarded by a token of its own, as a form can send no header.
  app.use(reconnectRoutes(context));
  app.use(guardOrigin(config));
  app.use(signInRoute(context), callbackRoute(context), meRoute(context), logoutRoute(context));
  app.use(
    repositoryRoutes(context),
    installationRoutes(context),
    reviewRoutes(context),
    eventRoutes(context),
  );
  app.use(pageRoutes());

  app.use(notFound(), showSignInErrors(context), explainErrors(), problemHandler({ logger }));
  return app;
}
