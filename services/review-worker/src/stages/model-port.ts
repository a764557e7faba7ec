import type { RepositoryTools, ReviewModel } from "@nectr/model";
import type { Answered, AnswerKind, ModelPort, Question, Silence } from "@nectr/review";
import { readReviewCost } from "../spend-store.ts";
import type { ReviewDeps } from "../worker-deps.ts";
import { askQuestion } from "./ask-question.ts";
import { estimateUsd } from "./budget.ts";
import type { ReviewContext } from "./review-context.ts";

/** One question may be too much for the model. Where two in a row find it away, it is the model that is away. */
const mostUnreached = 2;

/**
 * The model for one review: what was answered in an earlier attempt is not asked again, budgets are kept, and where it
 * is away the review waits (`ModelAway`) until patience ends.
 */
export function createModelPort(
  deps: ReviewDeps,
  model: ReviewModel,
  context: ReviewContext,
  { reviewId, tools }: { readonly reviewId: string; readonly tools: RepositoryTools },
): ModelPort {
  let unreached = 0;
  let underWayUsd = 0;
  let dearestUsd = 0;
  const outage = {};
  let last: Silence | undefined;

  const askNow = async <Kind extends AnswerKind>(question: Question<Kind>): Promise<Answered<Kind>> => {
    const givenUp = unreached >= mostUnreached ? last : undefined;
    // A question under way is expected to cost what the dearest has: with a look at files that is far above its words.
    const estimate = model.price === undefined ? 0 : Math.max(dearestUsd, estimateUsd(model.price, question));
    const asking = { reviewId, question, tools, givenUp, underWayUsd, outage };
    underWayUsd += estimate;
    try {
      const outcome = await askQuestion(deps, model, context, asking);
      unreached = "silence" in outcome && outcome.unreached ? unreached + 1 : 0;
      if ("response" in outcome) {
        const { answer, model: name, usage } = outcome.response;
        dearestUsd = Math.max(dearestUsd, usage.costUsd ?? 0);
        return { answer, model: name };
      }
      last = outcome.silence;
      return { silence: last };
    } finally {
      underWayUsd -= estimate;
    }
  };
  let probe: Promise<unknown> | undefined;
  /** Once the model was found away, questions go one by one, so that the next in vain is the last. */
  const ask = async <Kind extends AnswerKind>(question: Question<Kind>): Promise<Answered<Kind>> => {
    while (unreached > 0 && unreached < mostUnreached && probe !== undefined) await probe;
    const answered = askNow(question);
    if (unreached === 0 || unreached >= mostUnreached) return await answered;
    probe = answered.catch(() => {});
    try {
      return await answered;
    } finally {
      probe = undefined;
    }
  };
  return { name: model.name, ask, cost: () => readReviewCost(deps.db, reviewId) };
}
