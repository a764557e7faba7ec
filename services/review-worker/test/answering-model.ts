import type { ModelRequest, ModelResponse, ReviewModel } from "@nectr/model";
import { confirmAll } from "@nectr/model/testing";
import type { AnswerKind, Answers } from "@nectr/review";

/** A model that reviews so (by default it finds nothing) and confirms every claim, after something happened. */
export function answering(
  answer: ModelResponse["answer"] = { summary: "", findings: [] },
  before: (request: ModelRequest) => void | Promise<void> = () => {},
): ReviewModel {
  const name = "agreeable-model";
  return {
    name,
    async ask<Kind extends AnswerKind>({ kind, ...request }: ModelRequest<Kind>) {
      await before({ kind, ...request });
      const usage = { inputTokens: 1, cachedInputTokens: 0, outputTokens: 1, costUsd: undefined };
      const answers: Answers = { review: answer, checks: confirmAll({ text: request.prompt }) };
      return { answer: answers[kind], usage, model: name, steps: 1, trace: [] };
    },
  };
}
