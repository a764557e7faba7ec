import express, { Router } from "express";
import type { Route } from "./operation.ts";

const bodyLimit = "16kb";

/** Serves each route at its operation's address. */
export function serve(routes: readonly Route[]): Router {
  const router = Router();
  for (const { operation, handlers } of routes) {
    router[operation.method](expressPath(operation.path), ...bodyParser(operation), ...handlers);
  }
  return router;
}

function bodyParser({ body, form }: Route["operation"]) {
  if (body === undefined) return [];
  return [
    form ? express.urlencoded({ extended: false, limit: bodyLimit }) : express.json({ limit: bodyLimit }),
  ];
}

/** `/reviews/{id}` as Express writes it: `/reviews/:id`. */
function expressPath(path: string): string {
  return path.replaceAll(/\{(\w+)\}/g, ":$1");
}
