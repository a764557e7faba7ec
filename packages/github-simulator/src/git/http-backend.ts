import { spawn } from "node:child_process";
import type express from "express";
import { gitEnvironment } from "../config.ts";

interface BackendRequest {
  /** The folder that holds the bare repository, and the repository's name in it. */
  readonly root: string;
  readonly name: string;
  /** What follows the repository in the path, such as `/info/refs`. */
  readonly service: string;
  readonly user: string | undefined;
  /** Runs when git is done, while the client still waits for the end of the answer. */
  readonly beforeEnd?: () => Promise<void>;
}

/**
 * Answers a request of git's smart HTTP protocol by `git http-backend`, which speaks CGI: headers and an empty
 * line, then the body. Resolves once the answer is sent; rejects where git fails before it answers.
 */
export function runHttpBackend(
  req: express.Request,
  res: express.Response,
  request: BackendRequest,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn("git", ["http-backend"], {
      env: gitEnvironment(cgiVariables(req, request)),
      stdio: ["pipe", "pipe", "ignore"],
    });
    let head: Buffer | undefined = Buffer.alloc(0);
    child.stdout.on("data", (chunk: Buffer) => {
      if (head === undefined) return void res.write(chunk);
      head = Buffer.concat([head, chunk]);
      const end = head.indexOf("\r\n\r\n");
      if (end === -1) return;
      writeHead(res, head.subarray(0, end).toString("latin1"));
      res.write(head.subarray(end + 4));
      head = undefined;
    });
    child.on("error", reject);
    child.stdin.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE") reject(error);
    });
    child.on("close", (exitCode) => {
      if (head !== undefined) {
        return reject(new Error(`git http-backend ended with ${exitCode} and no answer`));
      }
      const follow = request.beforeEnd?.() ?? Promise.resolve();
      follow.then(() => res.end(resolve), reject);
    });
    req.pipe(child.stdin);
    res.on("close", () => {
      // The client went away: nobody reads the rest.
      if (!res.writableFinished) child.kill();
    });
  });
}

function writeHead(res: express.Response, head: string): void {
  res.status(200);
  for (const line of head.split("\r\n")) {
    const colon = line.indexOf(":");
    const name = line.slice(0, colon);
    const value = line.slice(colon + 1).trim();
    if (name.toLowerCase() === "status") res.status(Number.parseInt(value, 10));
    else res.setHeader(name, value);
  }
}

function cgiVariables(req: express.Request, request: BackendRequest): Record<string, string> {
  const { search } = new URL(req.originalUrl, "http://localhost");
  const variables: Record<string, string | undefined> = {
    GIT_PROJECT_ROOT: request.root,
    GIT_HTTP_EXPORT_ALL: "1",
    PATH_INFO: `/${request.name}${request.service}`,
    QUERY_STRING: search.slice(1),
    REQUEST_METHOD: req.method,
    CONTENT_TYPE: req.headers["content-type"],
    CONTENT_LENGTH: req.headers["content-length"],
    HTTP_CONTENT_ENCODING: req.headers["content-encoding"],
    GIT_PROTOCOL: req.get("git-protocol"),
    REMOTE_USER: request.user,
    REMOTE_ADDR: "127.0.0.1",
  };
  return Object.fromEntries(
    Object.entries(variables).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
