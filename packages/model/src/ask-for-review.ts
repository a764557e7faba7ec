import { modelAnswerSchema } from "@nectr/review";
import {
  generateText,
  isStepCount,
  NoObjectGeneratedError,
  Output,
  type LanguageModel,
  type LanguageModelUsage,
  type ModelMessage,
} from "ai";
import { isUnusable, toModelError } from "./model-error.ts";
import { costUsd, type PricedTokens } from "./prices.ts";
import { repositoryTools } from "./repository-tools.ts";
import type { ModelRequest, ModelResponse } from "./review-model.ts";

/** Calls of the model in one attempt; the last of them must answer and may use no tool. */
const maxSteps = 12;
const timeout = { stepMs: 5 * 60_000, totalMs: 20 * 60_000, toolMs: 30_000 };
/** Of each call, for what the SDK takes as worth it: no connection, 408, 409, 429 and 5xx. */
const maxRetries = 3;

interface Question {
  readonly name: string;
  readonly languageModel: LanguageModel;
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
  const context = { model: name, signal: request.signal, secrets };
  const meter = createMeter();
  const prompt: ModelMessage = { role: "user", content: request.prompt };
  try {
    return await ask(question, [prompt], meter);
  } catch (error) {
    if (!isUnusable(error) || request.signal?.aborted) throw toModelError(error, context);
    return await ask(question, [prompt, ...repairMessages(error)], meter).catch((second: unknown) => {
      throw toModelError(second, context);
    });
  }
}

async function ask(question: Question, messages: ModelMessage[], meter: Meter): Promise<ModelResponse> {
  const { name, languageModel, providerOptions, request } = question;
  const result = await generateText({
    model: languageModel,
    instructions: request.instructions,
    messages,
    output: Output.object({ schema: modelAnswerSchema, name: "review" }),
    stopWhen: isStepCount(maxSteps),
    prepareStep: ({ stepNumber }) => (stepNumber === maxSteps - 1 ? { toolChoice: "none" } : {}),
    onStepEnd: ({ usage }) => meter.add(usage),
    maxRetries,
    timeout,
    ...(request.tools === undefined ? {} : { tools: repositoryTools(request.tools) }),
    ...(request.signal === undefined ? {} : { abortSignal: request.signal }),
    ...(request.maxOutputTokens === undefined ? {} : { maxOutputTokens: request.maxOutputTokens }),
    ...(providerOptions === undefined ? {} : { providerOptions }),
  });
  const answer = result.output;
  const { steps, tokens } = meter.total();
  const { inputTokens, cachedInputTokens, outputTokens } = tokens;
  return {
    answer,
    usage: { inputTokens, cachedInputTokens, outputTokens, costUsd: costUsd(name, tokens) },
    model: result.finalStep.response.modelId,
    steps,
  };
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

interface Meter {
  add(usage: LanguageModelUsage): void;
  total(): { steps: number; tokens: PricedTokens };
}

/** Every step is paid for, those of a failed attempt too. */
function createMeter(): Meter {
  const usages: LanguageModelUsage[] = [];
  const sum = (of: (usage: LanguageModelUsage) => number | undefined) =>
    usages.reduce((total, usage) => total + (of(usage) ?? 0), 0);
  return {
    add: (usage) => void usages.push(usage),
    total: () => ({
      steps: usages.length,
      tokens: {
        inputTokens: sum((usage) => usage.inputTokens),
        cachedInputTokens: sum((usage) => usage.inputTokenDetails.cacheReadTokens),
        cacheWriteTokens: sum((usage) => usage.inputTokenDetails.cacheWriteTokens),
        outputTokens: sum((usage) => usage.outputTokens),
      },
    }),
  };
}
