import { ModelError, type ModelErrorKind, type ModelUsage, type ReviewModel } from "@nectr/model";
import type { AnswerKind, Answered, ModelPort, Question, ReviewCost, Silence } from "@nectr/review";

type Tools = Parameters<ReviewModel["ask"]>[0]["tools"];

interface Asking {
  /** What the model may look at; undefined for nothing. */
  readonly tools: Tools;
  /** US dollars for the whole review; undefined for no bound. */
  readonly budgetUsd: number | undefined;
  /** Told why a question stayed without an answer: this person runs the model, and can do something about it. */
  readonly onTrouble: (message: string) => void;
}

/** The model as the engine asks it: what it does not answer becomes a silence, and its cost is summed up. */
export function createModelPort(model: ReviewModel, { tools, budgetUsd, onTrouble }: Asking): ModelPort {
  const spent: ModelUsage[] = [];
  const ask = async <Kind extends AnswerKind>(question: Question<Kind>): Promise<Answered<Kind>> => {
    const left = budgetUsd === undefined ? undefined : budgetUsd - (costOf(spent).costUsd ?? 0);
    if (left !== undefined && left <= 0) return { silence: overBudget };
    try {
      const { kind, instructions, prompt } = question;
      const {
        answer,
        usage,
        model: name,
      } = await model.ask({
        kind,
        instructions,
        prompt,
        ...(question.tools && tools !== undefined && { tools }),
        ...(left !== undefined && { maxCostUsd: left }),
      });
      spent.push(usage);
      return { answer, model: name };
    } catch (error) {
      if (!(error instanceof ModelError)) throw error;
      if (error.usage !== undefined) spent.push(error.usage);
      onTrouble(error.message);
      return { silence: silenceOf(error.kind) };
    }
  };
  return {
    name: model.name,
    ask,
    cost: () => Promise.resolve(spent.length === 0 ? undefined : costOf(spent)),
  };
}

/** Without a price for each part there is none for the whole. */
function costOf(spent: readonly ModelUsage[]): ReviewCost {
  const sum = (of: (usage: ModelUsage) => number) => spent.reduce((total, usage) => total + of(usage), 0);
  const tokens = {
    inputTokens: sum((each) => each.inputTokens),
    outputTokens: sum((each) => each.outputTokens),
  };
  if (spent.some(({ costUsd }) => costUsd === undefined)) return tokens;
  return { ...tokens, costUsd: sum(({ costUsd = 0 }) => costUsd) };
}

const overBudget: Silence = {
  brief: "over MODEL_BUDGET_PER_PULL_REQUEST",
  sentence: "The model was not asked further: MODEL_BUDGET_PER_PULL_REQUEST is used up.",
};

function silenceOf(kind: ModelErrorKind): Silence {
  switch (kind) {
    case "unusable-answer":
      return {
        brief: "the model's answer was no review",
        sentence: "The model answered with something that is no review, more than once.",
      };
    case "rejected":
      return {
        brief: "the model's provider refused the request",
        sentence: "The model's provider refused the request.",
      };
    default:
      return { brief: "the model did not answer", sentence: "The model did not answer." };
  }
}
