import type { AccountsDeps } from "@nectr/accounts";
import type { Analysers } from "@nectr/analysers";
import type { Db } from "@nectr/db";
import type { ModelErrorKind, ModelUsage, ReviewModel } from "@nectr/model";
import type { Logger } from "@nectr/service";
import type { Turns } from "./jobs/turns.ts";
import type { TextCache } from "./repository-texts.ts";
import type { Budgets } from "./stages/budget.ts";

/** What the review of an event needs. */
export interface ReviewDeps {
  readonly db: Db;
  readonly accounts: AccountsDeps;
  readonly analysers: Analysers;
  /** Absent: no key is configured, and the analysers review alone. */
  readonly model: ReviewModel | undefined;
  /** Whether several questions look at each part of a diff, each for one kind of defect. */
  readonly lenses: boolean;
  /** Whether questions are kept with their answers. */
  readonly keepQuestions: boolean;
  /** Texts that were fetched for a review before. */
  readonly texts: TextCache;
  /** Where one is set, the model's price is known. */
  readonly budgets: Budgets;
  /** Who may review now. */
  readonly turns: Pick<Turns, "begin">;
  readonly logger: Logger;
  /** Names this process in claims. */
  readonly holder: string;
  /** How long a claim outlives a worker that vanished. */
  readonly leaseSeconds: number;
  /** Told of each end of a review, for metrics. */
  readonly onReview: (outcome: "posted" | "superseded", seconds: number) => void;
  /** Told of each part of a diff that the model was asked to read, or was not for want of money. */
  readonly onModelCall: (outcome: ModelCallOutcome, usage: ModelUsage | undefined) => void;
}

export type ModelCallOutcome = "answered" | ModelErrorKind | "over-budget";
