import { ModelError, type ReviewModel } from "@nectr/model";

/** A model that answers nothing until it is told to, or is given up. */
export interface HangingModel {
  readonly model: ReviewModel;
  /** Resolves when it is asked. */
  readonly asked: Promise<void>;
  /** Resolves to the time, as `performance.now` has it, at which it was given up. */
  readonly stopped: Promise<number>;
  answer(): void;
}

export function hangingModel(): HangingModel {
  const asked = Promise.withResolvers<void>();
  const stopped = Promise.withResolvers<number>();
  const answered = Promise.withResolvers<void>();
  const model: ReviewModel = {
    name: "slow-model",
    review: async ({ signal }) => {
      asked.resolve();
      const aborted = new Promise<never>((_resolve, reject) =>
        signal?.addEventListener("abort", () => {
          stopped.resolve(performance.now());
          reject(new ModelError("aborted", "aborted"));
        }),
      );
      await Promise.race([answered.promise, aborted]);
      const usage = { inputTokens: 1, cachedInputTokens: 0, outputTokens: 1, costUsd: undefined };
      return { answer: { summary: "", findings: [] }, usage, model: "slow-model", steps: 1 };
    },
  };
  return { model, asked: asked.promise, stopped: stopped.promise, answer: answered.resolve };
}
