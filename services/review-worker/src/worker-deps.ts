import type { AccountsDeps } from "@nectr/accounts";
import type { Analysers } from "@nectr/analysers";
import type { Db } from "@nectr/db";
import type { ReviewModel } from "@nectr/model";
import type { Logger } from "@nectr/service";

/** What the review of an event needs. */
export interface ReviewDeps {
  readonly db: Db;
  readonly accounts: AccountsDeps;
  readonly analysers: Analysers;
  /** Absent: no key is configured, and the analysers review alone. */
  readonly model: ReviewModel | undefined;
  readonly logger: Logger;
  /** Names this process in claims. */
  readonly holder: string;
  /** How long a claim outlives a worker that vanished. */
  readonly leaseSeconds: number;
  /** Told of each end of a review, for metrics. */
  readonly onReview: (outcome: "posted" | "superseded", seconds: number) => void;
}
