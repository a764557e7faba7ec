import { GitHubInvalid } from "./errors.ts";

/** GitHub has no codes for these refusals of a review, only texts. */
function isInvalid(error: unknown, pattern: RegExp): error is GitHubInvalid {
  return error instanceof GitHubInvalid && error.messages.some((message) => pattern.test(message));
}

/** "Can not request changes on your own pull request", "Can not approve your own pull request". */
export function isOwnPullRequest(error: unknown): boolean {
  return isInvalid(error, /your own pull request/i);
}

/**
 * "User can only have one pending review per pull request": said to a draft, and to a review that would be
 * submitted at once, while the user has a draft on the pull request.
 */
export function isPendingReview(error: unknown): boolean {
  return isInvalid(error, /one pending review/i);
}

/**
 * GitHub's texts for a comment whose place is wrong: "line must be part of the diff", "start line must be
 * part of the same hunk as the line", "start line must precede the end line", "diff hunk can't be blank",
 * "Review comments is invalid and Review threads is invalid", "path is invalid", "Line could not be resolved".
 */
export function isRefusedComment(error: unknown): boolean {
  return isInvalid(
    error,
    /must be part of the|must precede the|hunk can't be blank|(review comments|review threads|path) is invalid|could not be resolved/i,
  );
}

/** "Can not dismiss a dismissed pull request review". */
export function isDismissed(error: unknown): boolean {
  return isInvalid(error, /dismiss a dismissed/i);
}
