import type { Review, SkippedFile } from "@nectr/review";
import type { Range } from "../git/find-range.ts";

/** A review with what is known of where it was made. */
export interface LocalReview {
  readonly review: Review;
  readonly range: Range;
  /** Files that git does not know yet, which were not reviewed. */
  readonly untracked: readonly string[];
  /** What is wrong with the base's `.nectr.yml`. They are among the failures, too. */
  readonly settings: readonly string[];
  /** What a person should know of how it was made. */
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

/** Of a suggestion that could not be applied, in the words of packages/review's `checkSuggestions` and `toFindings`. */
export function isOfSuggestion(failure: string): boolean {
  return /^The suggestion of .* is not shown: |^.* is shown without its suggestion/s.test(failure);
}
