/** What GitHub says of one field that it refuses; some routes give plain sentences instead. */
type ProblemDetail =
  | string
  | { readonly resource: string; readonly code: string; readonly field?: string; readonly message?: string };

/** A refusal, worded as GitHub words it. */
export class GitHubProblem extends Error {
  override readonly name = "GitHubProblem";
  readonly status: number;
  readonly errors: readonly ProblemDetail[];
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    message: string,
    errors: readonly ProblemDetail[] = [],
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
    this.status = status;
    this.errors = errors;
    this.headers = headers;
  }
}

/** What a stranger hears of a private repository, and everyone of what is not there. */
export function notFound(): GitHubProblem {
  return new GitHubProblem(404, "Not Found");
}

export function forbidden(message: string): GitHubProblem {
  return new GitHubProblem(403, message);
}

/** 422 with one structured detail. */
export function validationFailed(detail: Exclude<ProblemDetail, string>): GitHubProblem {
  return new GitHubProblem(422, "Validation Failed", [detail]);
}

/** 422 with sentences, as the review routes answer. */
export function unprocessable(...errors: string[]): GitHubProblem {
  return new GitHubProblem(422, "Unprocessable Entity", errors);
}

/** The longest body that GitHub stores, in characters. */
const longestBody = 65_536;

/** True where a body has more characters (code points) than GitHub stores. */
export function isTooLong(body: string): boolean {
  return body.length > longestBody && [...body].length > longestBody;
}

export const tooLong = `Body is too long (maximum is ${longestBody} characters)`;
