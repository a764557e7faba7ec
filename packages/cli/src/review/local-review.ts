import type { Review, SkippedFile } from "@nectr/review";
import type { Range } from "../git/find-range.ts";

/** A review with what is known of where it was made. */
export interface LocalReview {
  readonly review: Review;
  readonly range: Range;
  /** Files that git does not know yet, which were not reviewed. */
  readonly untracked: readonly string[];
  /** What is wrong with `.nectr.yml`, and what could not be had. */
  readonly remarks: readonly string[];
  /** Whether a model was asked at all. */
  readonly withModel: boolean;
}

/** What should have been read and was not: reasons for a person. */
export function unreadOf({ review }: Pick<LocalReview, "review">): string[] {
  const { skipped, failures, modelTroubles = [] } = review.coverage;
  return [
    ...modelTroubles,
    ...skipped.filter(isUnexpected).map(({ path, reason }) => `${path}: ${reason}`),
    ...failures,
  ];
}

export function isUnexpected(file: SkippedFile): boolean {
  return file.expected !== true;
}
