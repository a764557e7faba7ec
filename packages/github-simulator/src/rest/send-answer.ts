import { randomBytes } from "node:crypto";
import type express from "express";
import { sha256Hex } from "../digest.ts";
import type { Answer, Call, Viewer } from "./call.ts";
import { versions } from "./read-call.ts";

/** Adds the ETag of a read, and answers 304 where the client has that very answer. */
export function withEntityTag(call: Call, answer: Answer): Answer {
  if (call.method !== "GET" || answer.status !== 200) return answer;
  const bytes = answer.raw?.data ?? JSON.stringify(answer.json);
  const etag = `W/"${sha256Hex(bytes)}"`;
  const asked = (call.headers["if-none-match"] ?? "").split(",").map((tag) => tag.trim().replace(/^W\//, ""));
  const headers = { ...answer.headers, ETag: etag };
  return asked.includes(etag.slice(2)) ? { status: 304, headers } : { ...answer, headers };
}

/** The headers of every answer of the API, but for those of the rate limit. */
export function commonHeaders(viewer: Viewer | undefined, call: Call | undefined): Record<string, string> {
  return {
    "X-GitHub-Request-Id": randomBytes(10).toString("hex").toUpperCase(),
    "X-GitHub-Media-Type": `github.v3; format=${call?.media ?? "json"}`,
    "X-GitHub-Api-Version-Selected": String(call?.headers["x-github-api-version"] ?? versions[0]),
    "Cache-Control": viewer ? "private, max-age=60, s-maxage=60" : "public, max-age=60, s-maxage=60",
    Vary: "Accept, Authorization",
    ...(viewer ? { "X-OAuth-Scopes": viewer.token.scopes.join(", "), "X-Accepted-OAuth-Scopes": "" } : {}),
  };
}

/** Sends what a handler answered: bytes, JSON or nothing. */
export function sendAnswer(res: express.Response, answer: Answer, headers: Record<string, string>): void {
  res.status(answer.status).set(headers);
  if (answer.raw) {
    res.set("Content-Type", answer.raw.type);
    res.end(answer.raw.data);
  } else if (answer.json === undefined) {
    res.end();
  } else {
    res.set("Content-Type", "application/json; charset=utf-8");
    res.end(JSON.stringify(answer.json));
  }
}
