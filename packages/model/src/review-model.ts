import type { ModelAnswer } from "@nectr/review";
import type { Price } from "./prices.ts";

/** A language model that reviews. */
export interface ReviewModel {
  /** The configured model's name, as the review shows it. */
  readonly name: string;
  /** Absent where it is not known: then nothing tells what a review costs. */
  readonly price?: Price;
  /**
   * Asks for one review. The answer has the schema of `modelAnswerSchema`; nothing in it is trusted yet.
   *
   * @throws ModelError, never with a key, a prompt or an answer in it
   */
  review(request: ModelRequest): Promise<ModelResponse>;
}

export interface ModelRequest {
  /** What the model is to do: ours, trusted. */
  readonly instructions: string;
  /** What it is to review: contains text from the pull request, marked as such. */
  readonly prompt: string;
  readonly tools?: RepositoryTools;
  readonly signal?: AbortSignal;
  /** Upper bound of the tokens of one answer; the provider's own bound where absent. */
  readonly maxOutputTokens?: number;
  /**
   * US dollars, for a model whose price is known. Where a further look at a file would cost more than is left of them,
   * the next call has to answer. Its own cost is not bounded.
   */
  readonly maxCostUsd?: number;
}

/** What the model may look at while it reviews. It can change nothing. */
export interface RepositoryTools {
  /** The file's text at the head of the pull request; undefined where there is none to read. */
  readFile(path: string): Promise<string | undefined>;
}

export interface ModelResponse {
  readonly answer: ModelAnswer;
  readonly usage: ModelUsage;
  /** The model that answered, by the provider's own name: an alias may stand for another one every month. */
  readonly model: string;
  /** Calls of the model that this review took, those of tools and of a repair included. */
  readonly steps: number;
}

/** Tokens of all steps together. `inputTokens` contains `cachedInputTokens`. */
export interface ModelUsage {
  readonly inputTokens: number;
  readonly cachedInputTokens: number;
  readonly outputTokens: number;
  /** US dollars; undefined where the model's price is not known. */
  readonly costUsd: number | undefined;
}
