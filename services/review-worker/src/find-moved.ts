import { getPullRequest, type GitHubClient, type PullRequest, type RepositoryRef } from "@nectr/github";

/**
 * A push, or another base, may have come while we worked, and its webhook may be late: GitHub has the last word on what
 * the change is. And a name can have become another repository's, which must not get this one's review.
 * @param pull as it is being reviewed.
 * @returns the pull request as it is now; undefined where that is still the one that is being reviewed.
 */
export async function findMoved(
  client: GitHubClient,
  ref: RepositoryRef,
  pull: PullRequest,
): Promise<PullRequest | undefined> {
  const now = await getPullRequest(client, ref, pull.number);
  const moved = now.head.sha !== pull.head.sha || now.base.ref !== pull.base.ref;
  return now.state === "closed" || moved || now.repositoryId !== pull.repositoryId ? now : undefined;
}
