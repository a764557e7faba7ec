import { modelAnswerSchema } from "@nectr/review";
import {
  generateText,
  isStepCount,
  NoObjectGeneratedError,
  Output,
  type ModelMessage,
  type wrapLanguageModel,
} from "ai";
import { createMeter, type Meter } from "./meter.ts";
import { isUnusable, toModelError } from "./model-error.ts";
import type { Price } from "./prices.ts";
import { repositoryTools } from "./repository-tools.ts";
import type { ModelRequest, ModelResponse } from "./review-model.ts";
import { watchedModel } from "./watched-model.ts";

/** Calls of the model in one attempt; the last of them must answer and may use no tool. */
const maxSteps = 12;
const timeout = { stepMs: 5 * 60_000, totalMs: 20 * 60_000, toolMs: 30_000 };
/**
 * Of each call, for what may be over in seconds: no connection, 408, 409, 429 and 5xx. It keeps what the calls before
 * have cost; whoever asks has the longer patience.
 */
const maxRetries = 3;

interface Question {
  readonly name: string;
  readonly price: Price | undefined;
  readonly languageModel: Parameters<typeof wrapLanguageModel>[0]["model"];
  /** Texts that no error may contain. */
  readonly secrets: readonly string[];
  readonly providerOptions?: Parameters<typeof generateText>[0]["providerOptions"];
  readonly request: ModelRequest;
}

/**
 * Asks for a review, and once more where the answer does not have the schema, with the problem named.
 *
 * @throws ModelError
 */
export async function askForReview(question: Question): Promise<ModelResponse> {
  const { name, request, secrets } = question;
  const meter = createMeter(question.price);
  const translated = (error: unknown) =>
    toModelError(error, { model: name, signal: request.signal, secrets, usage: meter.usage() });
  const prompt: ModelMessage = { role: "user", content: request.prompt };
  try {
    return await ask(question, [prompt], meter);
  } catch (error) {
    if (!isUnusable(error) || request.signal?.aborted) throw translated(error);
    return await ask(question, [prompt, ...repairMessages(error)], meter).catch((second: unknown) => {
      throw translated(second);
    });
  }
}

async function ask(question: Question, messages: ModelMessage[], meter: Meter): Promise<ModelResponse> {
  const { languageModel, providerOptions, request } = question;
  const mustAnswer = (stepNumber: number) =>
    stepNumber === maxSteps - 1 ||
    (request.maxCostUsd !== undefined && !meter.allowsTwoMore(request.maxCostUsd));
  const result = await generateText({
    model: watchedModel(languageModel, meter),
    instructions: request.instructions,
    messages,
    output: Output.object({ schema: modelAnswerSchema, name: "review" }),
    stopWhen: isStepCount(maxSteps),
    prepareStep: ({ stepNumber }) => (mustAnswer(stepNumber) ? { toolChoice: "none" } : {}),
    maxRetries,
    timeout,
    ...(request.tools === undefined ? {} : { tools: repositoryTools(request.tools) }),
    ...(request.signal === undefined ? {} : { abortSignal: request.signal }),
    ...(request.maxOutputTokens === undefined ? {} : { maxOutputTokens: request.maxOutputTokens }),
    ...(providerOptions === undefined ? {} : { providerOptions }),
  });
  const answer = result.output;
  return { answer, usage: meter.usage(), model: result.finalStep.response.modelId, steps: meter.steps() };
}

/** What the model wrote, and what was wrong with it. */
function repairMessages(error: unknown): ModelMessage[] {
  const written = NoObjectGeneratedError.isInstance(error) ? (error.text ?? "") : "";
  return [
    ...(written.trim() === "" ? [] : [{ role: "assistant" as const, content: written }]),
    {
      role: "user",
      content:
        `That answer cannot be used: ${problemOf(error)} Answer again with the review as one JSON object ` +
        "of the requested schema, and with nothing before or after it.",
    },
  ];
}

function problemOf(error: unknown): string {
  if (!NoObjectGeneratedError.isInstance(error)) return "it contains no review.";
  if (error.finishReason === "length") return "it was cut off at the length limit, so be shorter.";
  const cause = error.cause instanceof Error ? error.cause.message : error.message;
  return `${cause.slice(-1_000)}.`;
}
