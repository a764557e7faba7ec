import { Router } from "express";
import { fileURLToPath } from "node:url";
import type { AuthConfig } from "../config.ts";
import { describeApi } from "./api/describe-api.ts";
import type { Route } from "./api/operation.ts";
import { sessionCookie } from "./cookies.ts";

const page = fileURLToPath(new URL("../page/docs.html", import.meta.url));
/** Of Swagger UI, which draws the page; nothing else of its package is served. */
const drawing = ["swagger-ui.css", "swagger-ui-bundle.js"] as const;

/** `/api/openapi.json`, and `/api/docs` to browse it. */
export function docsRoutes(config: AuthConfig, routes: readonly Route[]): Router {
  const document = describeApi(
    routes.map(({ operation }) => operation),
    { url: config.backendUrl, cookie: sessionCookie(config).name },
  );
  const router = Router();
  router.get("/api/openapi.json", (_request, response) => void response.json(document));
  router.get("/api/docs", (_request, response) => response.sendFile(page));
  for (const name of drawing) {
    const file = fileURLToPath(import.meta.resolve(`swagger-ui-dist/${name}`));
    router.get(`/api/docs/${name}`, (_request, response) => response.sendFile(file));
  }
  return router;
}
