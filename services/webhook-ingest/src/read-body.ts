import type { IncomingMessage } from "node:http";
import { Problem } from "@nectr/service";

/** The bytes of a body as they came: the signature is over them. */
export interface Body {
  readonly bytes: Buffer;
  /** Makes room for other bodies. */
  release(): void;
}

export interface BodyLimits {
  /** Of one body, in bytes. */
  readonly body: number;
  /** Of all that are held at a time, in bytes. The last quarter is kept for small ones. */
  readonly together: number;
  /** How long one may take to come, in milliseconds. */
  readonly ms: number;
}

export const githubLimits: BodyLimits = {
  /** GitHub's own bound on a payload (docs.github.com, "Webhook events and payloads"). */
  body: 25 * 1024 * 1024,
  /** While a body is parsed it takes a few times its size besides. */
  together: 128 * 1024 * 1024,
  /** GitHub gives up after ten seconds (same place). */
  ms: 10_000,
};

/** GitHub's own payload is a few dozen kilobytes. */
const small = 1024 * 1024;

/**
 * Reads bodies within limits that hold for all of them together: a sender decides how much it announces, and only what
 * has come counts.
 *
 * Express's parser would do it at twice the cost, and bounds each body alone.
 */
export function createBodyReader(limits: BodyLimits): (request: IncomingMessage) => Promise<Body> {
  let held = 0;

  return (request) =>
    new Promise((resolve, reject) => {
      // Node's parser has refused what is no number.
      if (Number(request.headers["content-length"]) > limits.body) return reject(tooLarge());
      const chunks: Buffer[] = [];
      let size = 0;

      const stop = () => {
        clearTimeout(timer);
        request.off("data", take).off("end", finish).off("error", abort).off("close", abort);
      };
      const refuse = (problem: Problem) => {
        stop();
        held -= size;
        // What else comes of it is dropped, so that the answer is seen.
        request.resume();
        reject(problem);
      };
      const take = (chunk: Buffer) => {
        held += chunk.length;
        size += chunk.length;
        if (size > limits.body) return refuse(tooLarge());
        if (held > (size > small ? limits.together * 0.75 : limits.together)) return refuse(tooMany());
        chunks.push(chunk);
      };
      const finish = () => {
        stop();
        const [only] = chunks;
        const bytes = chunks.length === 1 && only !== undefined ? only : Buffer.concat(chunks, size);
        resolve({ bytes, release: () => void (held -= size) });
      };
      const abort = (cause?: Error) => refuse(aborted(cause));
      const timer = setTimeout(() => refuse(tooSlow()), limits.ms);
      request.on("data", take).on("end", finish).on("error", abort).on("close", abort);
    });
}

function tooLarge(): Problem {
  return new Problem({ status: 413, code: "payload_too_large", detail: "The body is too large." });
}

function tooMany(): Problem {
  const detail = "Too many bodies are being received. Deliver it again.";
  return new Problem({ status: 503, code: "busy", detail, headers: { "retry-after": "30" } });
}

function tooSlow(): Problem {
  const detail = "The body did not come in time.";
  return new Problem({ status: 408, code: "request_timeout", detail, headers: { connection: "close" } });
}

function aborted(cause?: Error): Problem {
  return new Problem({
    status: 400,
    code: "bad_request",
    detail: "The request ended before its body did.",
    cause,
  });
}
