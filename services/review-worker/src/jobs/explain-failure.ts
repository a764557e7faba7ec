import { ReconnectNeeded } from "@nectr/accounts";
import {
  GitHubForbidden,
  GitHubNotFound,
  GitHubRateLimited,
  GitHubUnauthorized,
  GitHubUnavailable,
} from "@nectr/github";
import { ModelAway } from "../stages/model-away.ts";

/**
 * What is stored with an event is read by everybody who sees its repository. An error's own message is not for them:
 * it can hold our addresses and paths, and says nothing of what to do. It stays in the log.
 */

/** Of an event that waits for a user to sign in again; the sweep knows it by this. */
export const waitsForSignIn =
  "GitHub no longer accepts the token of whoever connected this repository. Sign in again: then the review goes on.";

/** Of one that nobody can mend but by connecting. */
export const nobodyConnected =
  "Nobody is connected to this repository any more. Connect it, then push again to have it reviewed.";

/** What passes by itself, or with a new sign-in. */
export type Obstacle =
  | GitHubRateLimited
  | GitHubUnavailable
  | GitHubUnauthorized
  | ModelAway
  | ReconnectNeeded;

/** Why an event waits, and for what. */
export function explainWait(obstacle: Obstacle): string {
  if (obstacle instanceof GitHubRateLimited) {
    const time = obstacle.retryAt.toISOString().slice(11, 16);
    return `GitHub's limit on requests was reached. The review goes on by itself at ${time} UTC.`;
  }
  if (obstacle instanceof GitHubUnavailable) {
    return "GitHub does not answer. The review goes on when it does.";
  }
  if (obstacle instanceof ModelAway) {
    return "The model does not answer. It is asked again for some minutes; after that the analysers review alone.";
  }
  const operators = obstacle instanceof ReconnectNeeded && obstacle.userId === undefined;
  return operators ? waitsForOperator : waitsForSignIn;
}

const waitsForOperator =
  "GitHub no longer accepts the token in GITHUB_PAT. Whoever runs Nectr has to replace it: then the review goes on.";

/** Why an event failed for good, and what to do. */
export function explainFailure(error: unknown, eventId: string): string {
  if (error instanceof GitHubNotFound) {
    return (
      "GitHub shows this pull request to nobody who connected the repository. " +
      "Connect it as somebody who may read it, then push again to have it reviewed."
    );
  }
  if (error instanceof GitHubForbidden) {
    return (
      "GitHub refused access to this pull request: its conversation may be locked, the repository archived, or " +
      "Nectr not approved by the organization. Change that at GitHub, then push again to have it reviewed."
    );
  }
  if (error instanceof GitHubUnavailable) {
    return "GitHub did not answer for too long. Push again to have the pull request reviewed.";
  }
  if (error instanceof GitHubUnauthorized || error instanceof ReconnectNeeded) {
    return "GitHub no longer accepts the stored token. Sign in again, then push again to have it reviewed.";
  }
  return `An unexpected error ended this review. The worker's log has it under event ${eventId}.`;
}
