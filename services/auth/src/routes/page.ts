import express, { type RequestHandler } from "express";
import { fileURLToPath } from "node:url";

/** The files of all pages. */
export const pageFolder = fileURLToPath(new URL("../page", import.meta.url));

/** The page at `/`, with its script and style. */
export function pageRoutes(): RequestHandler {
  // Asked for again each time, and answered with 304: a new version shows at once.
  return express.static(pageFolder, {
    setHeaders: (response) => response.setHeader("cache-control", "no-cache"),
  });
}
