/** What went wrong, in the terms in which a caller decides what to do next. */
export type GitHubErrorKind =
  | "unauthorized"
  | "forbidden"
  | "not-found"
  | "invalid"
  | "rate-limited"
  | "unavailable"
  | "unexpected"
  | "oauth";

/** What an error knows besides its message. */
export interface GitHubErrorDetails {
  /** HTTP status, absent where no answer came. */
  readonly status?: number | undefined;
  /** GitHub's `X-GitHub-Request-Id`, which its support asks for. */
  readonly requestId?: string | undefined;
  readonly cause?: unknown;
}

/**
 * Every error that leaves this package, one subclass per kind. Neither the message nor the chain of
 * causes holds a token, a request body or a request header.
 */
export class GitHubError extends Error {
  readonly kind: GitHubErrorKind;
  readonly status: number | undefined;
  readonly requestId: string | undefined;

  constructor(kind: GitHubErrorKind, message: string, details: GitHubErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = new.target.name;
    this.kind = kind;
    this.status = details.status;
    this.requestId = details.requestId;
  }
}

/** 401: the token is wrong, expired or revoked. */
export class GitHubUnauthorized extends GitHubError {
  constructor(message: string, details?: GitHubErrorDetails) {
    super("unauthorized", message, details);
  }
}

/** 403: no permission, or the conversation is locked, or the repository is archived. */
export class GitHubForbidden extends GitHubError {
  constructor(message: string, details?: GitHubErrorDetails) {
    super("forbidden", message, details);
  }
}

/** 404, 410 or 451: not there, or not for this token's eyes; GitHub does not tell the two apart. */
export class GitHubNotFound extends GitHubError {
  constructor(message: string, details?: GitHubErrorDetails) {
    super("not-found", message, details);
  }
}

/** 400, 406, 409, 422, "too large" and the other refusals that repeating the same request cannot mend. */
export class GitHubInvalid extends GitHubError {
  /** GitHub's message and the texts of its `errors`, in its order. */
  readonly messages: readonly string[];

  constructor(message: string, details?: GitHubErrorDetails & { messages?: readonly string[] }) {
    super("invalid", message, details);
    this.messages = details?.messages ?? [message];
  }
}

/** A primary or secondary limit; nothing was written. The work should be parked until `retryAt`. */
export class GitHubRateLimited extends GitHubError {
  readonly retryAt: Date;

  constructor(message: string, retryAt: Date, details?: GitHubErrorDetails) {
    super("rate-limited", message, details);
    this.retryAt = retryAt;
  }
}

/** A 5xx, a broken connection or a time-out. If the request was a write, it may have been performed. */
export class GitHubUnavailable extends GitHubError {
  constructor(message: string, details?: GitHubErrorDetails) {
    super("unavailable", message, details);
  }
}

/** An answer with a good status and a shape that GitHub does not document. A write was performed. */
export class GitHubUnexpected extends GitHubError {
  constructor(message: string, details?: GitHubErrorDetails) {
    super("unexpected", message, details);
  }
}

/** Whether a write that ended in this error may have been performed all the same. */
export function isDoubtful(error: unknown): error is GitHubUnavailable | GitHubUnexpected {
  return error instanceof GitHubUnavailable || error instanceof GitHubUnexpected;
}
