import type { RepositoryTools, ReviewModel } from "@nectr/model";
import type { Answered, AnswerKind, ModelPort, Question, Silence } from "@nectr/review";
import { readReviewCost } from "../spend-store.ts";
import type { ReviewDeps } from "../worker-deps.ts";
import { askQuestion } from "./ask-question.ts";
import type { ReviewContext } from "./review-context.ts";
import { createUnderWay } from "./under-way.ts";

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
  let last: Silence | undefined;
  const shared = { underWay: createUnderWay(), outage: {} };

  const askNow = async <Kind extends AnswerKind>(question: Question<Kind>): Promise<Answered<Kind>> => {
    const before = unreached;
    const givenUp = before >= mostUnreached ? last : undefined;
    const outcome = await askQuestion(deps, model, context, {
      reviewId,
      question,
      tools,
      givenUp,
      ...shared,
    });
    // Several that were asked at a time tell of one absence.
    unreached = "silence" in outcome && outcome.unreached ? before + 1 : 0;
    if ("response" in outcome) return { answer: outcome.response.answer, model: outcome.response.model };
    last = outcome.silence;
    return { silence: last };
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
