import type { ModelResponse, ReviewModel } from "@nectr/model";

/** A model that answers so (by default it finds nothing), after something happened. */
export function answering(
  answer: ModelResponse["answer"] = { summary: "", findings: [] },
  before: (request: Parameters<ReviewModel["review"]>[0]) => void | Promise<void> = () => {},
): ReviewModel {
  const name = "agreeable-model";
  return {
    name,
    async review(request) {
      await before(request);
      const usage = { inputTokens: 1, cachedInputTokens: 0, outputTokens: 1, costUsd: undefined };
      return { answer, usage, model: name, steps: 1 };
    },
  };
}
