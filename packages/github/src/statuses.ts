import type { GitHubClient } from "./client.ts";
import { GitHubInvalid } from "./errors.ts";
import { type RepositoryRef, routeOf } from "./repositories.ts";

/** What a program says of a commit. Of those with one context, GitHub shows the latest. */
export interface CommitStatus {
  readonly state: "pending" | "success" | "failure" | "error";
  /** One line of at most 140 characters. */
  readonly description: string;
  /** Who says so: branch protection can require a context's success. */
  readonly context: string;
  /** Where people find out more. */
  readonly targetUrl?: string;
}

/** Characters of a description that GitHub takes. */
export const maxStatusDescription = 140;

/**
 * Sets a commit's status. To set the same one again does no harm: GitHub keeps both, and shows the later.
 *
 * @throws GitHubForbidden or GitHubNotFound where the token may not; GitHubInvalid where GitHub refuses it otherwise
 */
export async function setCommitStatus(
  client: GitHubClient,
  repo: RepositoryRef,
  sha: string,
  { state, description, context, targetUrl }: CommitStatus,
): Promise<void> {
  if (description.length > maxStatusDescription) {
    throw new GitHubInvalid(
      `The status has more than the ${maxStatusDescription} characters that GitHub takes`,
    );
  }
  await client.send("POST /repos/{owner}/{repo}/statuses/{sha}", {
    ...routeOf(repo),
    sha,
    state,
    description,
    context,
    ...(targetUrl !== undefined && { target_url: targetUrl }),
  });
}
