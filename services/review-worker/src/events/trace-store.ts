import type { Db } from "@nectr/db";
import type { ModelResponse, ToolCall } from "@nectr/model";
import type { Finding, FindingOrigin, ModelFinding, Placement, Review } from "@nectr/review";

/** How one finding came to where it is. */
export interface FindingTrace {
  /** Absent for one that was withheld: it never got so far. */
  readonly fingerprint: string | undefined;
  readonly finding: Finding;
  /** Absent for an analyser's: its rule is all there is to tell. */
  readonly origin: FindingOrigin | undefined;
  /** The answer that it was in; absent where it is kept no longer. */
  readonly answer: TracedAnswer | undefined;
  /** Absent where it was withheld. */
  readonly placement: Placement | undefined;
  /** Why it was withheld. */
  readonly withheld: string | undefined;
  /** Where the review stands at GitHub. */
  readonly url: string | null;
}

interface TracedAnswer {
  readonly model: string;
  /** Calls of the model that it took. */
  readonly steps: number;
  /** What the model looked at before. */
  readonly tools: readonly ToolCall[];
  /** What it said, as it said it. */
  readonly said: ModelFinding | undefined;
}

/**
 * The ways of a review's findings, those that were withheld last.
 * @param wanted.fingerprint the beginning of one; of all where there is none
 * @throws Error in words for the operator
 */
export async function readTraces(
  db: Db,
  wanted: { readonly eventId: string; readonly fingerprint: string | undefined },
): Promise<FindingTrace[]> {
  const review = await db
    .selectFrom("reviews")
    .select(["id", "result", "url"])
    .where("event_id", "=", wanted.eventId)
    .where("result", "is not", null)
    .orderBy("created_at", "desc")
    .executeTakeFirst();
  if (review === undefined) throw new Error(`Event ${wanted.eventId} has led to no review that was decided.`);
  const answers = await readAnswers(db, review.id);
  // Written by `saveResult` and `completeReview`, and by nothing else.
  const { findings, stillOpen, withheld = [] } = review.result as Review;
  const shown = [...findings, ...stillOpen].map((finding) => ({
    ...traceOf(finding, answers),
    fingerprint: finding.fingerprint,
    placement: finding.placement,
    withheld: undefined,
    url: review.url,
  }));
  const hidden = withheld.map(({ finding, reason }) => ({
    ...traceOf(finding, answers),
    fingerprint: undefined,
    placement: undefined,
    withheld: reason,
    url: review.url,
  }));
  const { fingerprint } = wanted;
  if (fingerprint === undefined) return [...shown, ...hidden];
  const found = shown.filter((each) => each.fingerprint.startsWith(fingerprint));
  if (found.length === 0)
    throw new Error(`The review has no finding ${fingerprint}: trace without it lists them.`);
  return found;
}

function traceOf(finding: Finding, answers: ReadonlyMap<string, ModelResponse>) {
  const { origin } = finding;
  const answer = origin && answers.get(origin.question);
  return {
    finding,
    origin,
    answer: answer && {
      model: answer.model,
      steps: answer.steps,
      tools: answer.trace,
      said: answer.answer.findings[origin.index],
    },
  };
}

/** The reviews that the model wrote, by the names of their questions. */
async function readAnswers(db: Db, reviewId: string): Promise<Map<string, ModelResponse>> {
  const rows = await db
    .selectFrom("workflow_runs")
    .select(["stage", "output"])
    .where("review_id", "=", reviewId)
    .where("stage", "like", "model:chunk-%")
    .where("state", "=", "done")
    .execute();
  return new Map(
    rows.flatMap(({ stage, output }) => {
      // Written by `saveAnswer`, or by `saveUnusable`, which has no response.
      const { response } = output as { response?: ModelResponse };
      return response === undefined ? [] : [[stage.slice("model:".length), response]];
    }),
  );
}
