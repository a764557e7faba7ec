import type { ReviewKey } from "../model.ts";

/**
 * Hidden lines by which we find again what we posted. Nothing that comes from outside can hold one: all of it
 * goes through the sanitiser.
 */

/** In a GitHub review: the run that it belongs to. */
export function reviewMarker(key: ReviewKey): string {
  return `${reviewMarkerStart(key)}${key.headSha}/${key.generation} -->`;
}

/** What the markers of all our reviews of a pull request begin with. */
export function reviewMarkerStart({
  repositoryId,
  number,
}: Pick<ReviewKey, "repositoryId" | "number">): string {
  return `<!-- nectr:review ${repositoryId}/${number}/`;
}

/** In the one summary comment of a pull request, the same for all runs. */
export function summaryMarker(repositoryId: number, number: number): string {
  return `<!-- nectr:summary ${repositoryId}/${number} -->`;
}

/** In the comment that tells of mistakes in `.nectr.yml`: of which version. */
export function configMarker(repositoryId: number, fileHash: string): string {
  return `<!-- nectr:config ${repositoryId}/${fileHash} -->`;
}

/** In an inline comment: the finding that it tells. */
export function findingMarker(fingerprint: string): string {
  return `<!-- nectr:finding ${fingerprint} -->`;
}
