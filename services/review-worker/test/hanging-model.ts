import { ModelError, type ReviewModel } from "@nectr/model";
import { answering } from "./answering-model.ts";

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
    ask: async (request) => {
      asked.resolve();
      const aborted = new Promise<never>((_resolve, reject) =>
        request.signal?.addEventListener("abort", () => {
          stopped.resolve(performance.now());
          reject(new ModelError("aborted", "aborted"));
        }),
      );
      await Promise.race([answered.promise, aborted]);
      return await answering().ask(request);
    },
  };
  return { model, asked: asked.promise, stopped: stopped.promise, answer: answered.resolve };
}
