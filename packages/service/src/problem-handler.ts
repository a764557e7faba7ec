import { STATUS_CODES } from "node:http";
import type { ErrorRequestHandler, RequestHandler } from "express";
import type { Logger } from "./logger.ts";
import { Problem } from "./problem.ts";
import { requestIdOf } from "./request-id.ts";

/** What body-parser calls its refusals (https://github.com/stream-utils/raw-body#errors and body-parser's own). */
const bodyRefusals: Readonly<Record<string, string>> = {
  "entity.too.large": "The body is too large.",
  "entity.parse.failed": "The body is not valid JSON.",
  "entity.verify.failed": "The body failed its verification.",
  "encoding.unsupported": "The body's content encoding is not supported.",
  "charset.unsupported": "The body's character set is not supported.",
  "request.aborted": "The request ended before its body did.",
  "request.size.invalid": "The body's length differs from its content-length.",
  "parameters.too.many": "The form has too many fields.",
};

/** Answers 404 for what no route took. Goes after the routes. */
export function notFound(): RequestHandler {
  return (_request, _response, next) => {
    next(new Problem({ status: 404, code: "not_found", detail: "There is nothing at this address." }));
  };
}

/**
 * Answers every error as `application/problem+json`. A {@link Problem} is sent as it is, a malformed request
 * with the parser's reason; anything else is a 500 that says nothing of the inside, and is logged with the
 * request id that the caller sees. Goes last.
 */
export function problemHandler({ logger }: { logger: Logger }): ErrorRequestHandler {
  return (error, _request, response, next) => {
    const problem = toProblem(error);
    const requestId = requestIdOf(response);
    if (problem.status >= 500) logger.error({ err: error, requestId }, "request failed");
    else logger.debug({ err: error, requestId }, "request refused");

    // The answer has begun: only cutting it off tells the caller that it is not whole. Express does so.
    if (response.headersSent) return next(error);
    const { status, title, detail, code, errors } = problem;
    response
      .status(status)
      .set({ ...problem.headers, "cache-control": "no-store" })
      .type("application/problem+json")
      .send(JSON.stringify({ type: "about:blank", title, status, detail, code, errors, requestId }));
  };
}

function toProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  const status = clientStatus(error);
  if (status === undefined) {
    return new Problem({
      status: 500,
      code: "internal",
      detail: "Something went wrong here. It has been logged.",
    });
  }
  const kind = error instanceof Error && "type" in error ? String(error.type) : "";
  const detail = bodyRefusals[kind];
  const code = (STATUS_CODES[status] ?? "bad_request").toLowerCase().replaceAll(/[^a-z]+/g, "_");
  return new Problem({ status, code, ...(detail && { detail }), cause: error });
}

/**
 * The 4xx status of a refusal by Express's own parts: http-errors marks what may be shown with `expose`, and
 * the router throws a URIError for a malformed path. A status on any other error is somebody else's, such as
 * GitHub's 404 to us, and no answer to the caller.
 */
function clientStatus(error: unknown): number | undefined {
  if (!(error instanceof Error) || !("status" in error)) return undefined;
  const { status } = error;
  const exposed = ("expose" in error && error.expose === true) || error instanceof URIError;
  return exposed && typeof status === "number" && status >= 400 && status < 500 ? status : undefined;
}
