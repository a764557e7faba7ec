import { Router } from "express";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import type { AuthConfig } from "../config.ts";
import { describeApi } from "./api/describe-api.ts";
import type { Route } from "./api/operation.ts";
import { sessionCookie } from "./cookies.ts";
import { pageFolder } from "./page.ts";

/** All that is served of Swagger UI, which draws the page. */
const swaggerFiles = ["swagger-ui.css", "swagger-ui-bundle.js"];
const swaggerFolder = dirname(fileURLToPath(import.meta.resolve("swagger-ui-dist/package.json")));

/** `/api/openapi.json`, and `/api/docs` to browse it. */
export function docsRoutes(config: AuthConfig, routes: readonly Route[]): Router {
  const document = describeApi(
    routes.map(({ operation }) => operation),
    { url: config.backendUrl, cookie: sessionCookie(config).name },
  );
  const router = Router();
  router.get("/api/openapi.json", (_request, response) => void response.json(document));
  router.get("/api/docs", (_request, response) => response.sendFile("docs.html", { root: pageFolder }));
  for (const name of swaggerFiles) {
    router.get(`/api/docs/${name}`, (_request, response) => response.sendFile(name, { root: swaggerFolder }));
  }
  return router;
}
