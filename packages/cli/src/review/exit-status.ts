import { severities } from "@nectr/review";
import type { FailOn } from "./review-command.ts";
import { type LocalReview, unreadOf } from "./local-review.ts";

// Status 2, of a command line or surroundings with which nothing can be reviewed, is given by `main`.

/** Nothing that matters was found, and all was read that should be. */
const clean = 0;
/** Something at or above `--fail-on`. */
const found = 1;
/** Nothing that matters was found, but not all was read. */
const unread = 3;

export function exitStatus(local: Pick<LocalReview, "review">, failOn: FailOn): 0 | 1 | 3 {
  if (failOn === "never") return clean;
  const least = severities.indexOf(failOn);
  if (local.review.findings.some(({ severity }) => severities.indexOf(severity) <= least)) return found;
  return unreadOf(local).length > 0 ? unread : clean;
}
