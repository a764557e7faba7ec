import type { AnswerKind, Answers } from "@nectr/review";
import type { Price } from "./prices.ts";
import type { RepositoryTools } from "./repository-tools.ts";

/** What reviews: a language model, or several of which the next is asked where one has no answer. */
export interface ReviewModel {
  /** The configured name of the one that is asked first. */
  readonly name: string;
  /** Of the one that is asked first. Absent where it is not known: then nothing tells what a review costs. */
  readonly price?: Price;
  /**
   * Asks one question. The answer has the schema of its kind; nothing in it is trusted yet.
   *
   * @throws ModelError, never with a key, a prompt or an answer in it
   */
  ask<Kind extends AnswerKind>(request: ModelRequest<Kind>): Promise<ModelResponse<Kind>>;
}

export interface ModelRequest<Kind extends AnswerKind = AnswerKind> {
  readonly kind: Kind;
  /** What the model is to do: ours, trusted. */
  readonly instructions: string;
  /** What it is to look at: contains text from the pull request, marked as such. */
  readonly prompt: string;
  /** How many of the prompt's first characters it shares with the review's other questions: they are cached as one. */
  readonly sharedCharacters?: number;
  readonly tools?: RepositoryTools;
  /**
   * Whether an error of a tool is the caller's own affair (a limit at GitHub, a claim that was lost), and ends the
   * question as `interrupted`. All others are told to the model.
   */
  readonly interrupts?: (error: unknown) => boolean;
  readonly signal?: AbortSignal;
  /** Upper bound of the tokens of one answer; the provider's own bound where absent. */
  readonly maxOutputTokens?: number;
  /**
   * US dollars, for a model whose price is known. Where a further look at a file would cost more than is left of them,
   * the next call has to answer; where another model would, it is not asked. The first call's own cost is not bounded.
   */
  readonly maxCostUsd?: number;
}

export interface ModelResponse<Kind extends AnswerKind = "review"> {
  readonly answer: Answers[Kind];
  /** Of all models that were asked. */
  readonly usage: ModelUsage;
  /** The model that answered, by the provider's own name: an alias may stand for another one every month. */
  readonly model: string;
  /** Calls of models that this answer took, those of tools, of a repair and of models without an answer included. */
  readonly steps: number;
  /** What was looked at with the tools, in order. */
  readonly trace: readonly ToolCall[];
}

/** One call of a tool by a model. */
export interface ToolCall {
  readonly tool: string;
  /** As the model wrote them, clipped. */
  readonly arguments: string;
  /** `nothing`: there is no such file, issue and so on. `refused`: no such tool, no such arguments, or one call too many. */
  readonly outcome: "answered" | "nothing" | "refused" | "failed";
  /** Of what was found, as far as the model was shown it. */
  readonly characters: number;
  /** How long it took, in milliseconds. */
  readonly ms: number;
}

/** Tokens of all steps together. `inputTokens` contains `cachedInputTokens`. */
export interface ModelUsage {
  readonly inputTokens: number;
  readonly cachedInputTokens: number;
  readonly outputTokens: number;
  /** US dollars; undefined where the price of a model that was asked is not known. */
  readonly costUsd: number | undefined;
}
