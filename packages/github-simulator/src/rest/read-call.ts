import type express from "express";
import { GitHubProblem } from "../problem.ts";
import type { World } from "../world.ts";
import type { Call, Viewer } from "./call.ts";

/** The versions of the REST API; the first is taken where none is asked for. */
export const versions = ["2022-11-28", "2026-03-10"];

/** Reads a request. Throws 400 or 403 for what GitHub takes from nobody. */
export function readCall(world: World, viewer: Viewer | undefined, req: express.Request): Call {
  if (!req.headers["user-agent"]) {
    const why =
      "Request forbidden by administrative rules. Please make sure your request has a User-Agent header";
    throw new GitHubProblem(403, why);
  }
  const version = req.get("x-github-api-version");
  if (version !== undefined && !versions.includes(version)) {
    const message = `Version ${version} is not a supported version of the REST API.`;
    throw new GitHubProblem(400, message);
  }
  const { pathname, searchParams } = new URL(`${req.baseUrl}${req.url}`, world.url);
  const params = Object.entries(req.params).map(([name, value]) => [
    name,
    Array.isArray(value) ? value.join("/") : String(value),
  ]);
  return {
    world,
    viewer,
    method: req.method === "HEAD" ? "GET" : req.method,
    params: Object.fromEntries(params),
    query: searchParams,
    path: pathname,
    headers: req.headers,
    body: readJson(req.body),
    media:
      /application\/vnd\.github(?:\.v\d+)?\.(diff|patch|raw|html|full|text|sha)/.exec(
        req.get("accept") ?? "",
      )?.[1] ?? "json",
  };
}

function readJson(body: unknown): unknown {
  if (!Buffer.isBuffer(body) || body.length === 0) return undefined;
  try {
    return JSON.parse(body.toString("utf8"));
  } catch (error) {
    if (error instanceof SyntaxError) throw new GitHubProblem(400, "Problems parsing JSON");
    throw error;
  }
}
