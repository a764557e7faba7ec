import { STATUS_CODES } from "node:http";
import type { z } from "zod";

/** One field of a request that cannot be used. */
export interface FieldProblem {
  /** Where: a JSON pointer into the body, such as `/labels/0`. */
  readonly pointer: string;
  readonly detail: string;
}

export interface ProblemOptions {
  readonly status: number;
  /** Stable and machine-readable: `repository_not_found`. */
  readonly code: string;
  /** The kind in a few words; the status's own words where it is not given. */
  readonly title?: string;
  /** What went wrong this time, for the caller to read. */
  readonly detail?: string;
  readonly errors?: readonly FieldProblem[];
  /** Sent with the answer, such as `retry-after`. */
  readonly headers?: Readonly<Record<string, string>>;
  /** For the log alone; never sent. */
  readonly cause?: unknown;
}

/** An answer other than success, as RFC 9457 describes it. All of its fields but the cause are sent. */
export class Problem extends Error {
  override readonly name = "Problem";
  readonly status: number;
  readonly title: string;
  readonly detail: string | undefined;
  readonly code: string;
  readonly errors: readonly FieldProblem[] | undefined;
  readonly headers: Readonly<Record<string, string>>;

  constructor({ status, code, title, detail, errors, headers = {}, cause }: ProblemOptions) {
    const heading = title ?? STATUS_CODES[status] ?? "Error";
    super(detail ?? heading, cause === undefined ? {} : { cause });
    this.status = status;
    this.title = heading;
    this.detail = detail;
    this.code = code;
    this.errors = errors;
    this.headers = headers;
  }
}

/**
 * Parses what a caller sent: a body, a query, parameters.
 *
 * @throws Problem 400 that names every field at fault
 */
export function parseRequest<T>(schema: z.ZodType<T>, value: unknown): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new Problem({
    status: 400,
    code: "invalid_request",
    detail: "The request has fields that cannot be used.",
    errors: parsed.error.issues.map((issue) => ({ pointer: pointerTo(issue.path), detail: issue.message })),
  });
}

/** RFC 6901: `~` and `/` inside a name are escaped. */
function pointerTo(path: readonly PropertyKey[]): string {
  return path.map((key) => `/${String(key).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}
