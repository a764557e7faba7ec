import { createAnthropic } from "@ai-sdk/anthropic";
import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { extractJsonMiddleware, wrapLanguageModel } from "ai";
import { askForReview } from "./ask-for-review.ts";
import { listPrice, plainPrice, type Price } from "./prices.ts";
import type { ReviewModel } from "./review-model.ts";

/** Which model to ask. Both may be configured; Anthropic's is then the one. */
export interface ModelConfig {
  readonly anthropic?: {
    readonly apiKey: string;
    readonly model: string;
    /** The API's root, with or without its `/v1`; Anthropic's own where absent. */
    readonly baseUrl?: string;
  };
  readonly openai?: {
    /** A local server asks for none. */
    readonly apiKey?: string;
    /** Of any server that speaks OpenAI's chat completions, with its version: `http://localhost:11434/v1`. */
    readonly baseUrl: string;
    readonly model: string;
  };
  /** US dollars for a million tokens, before any list price. */
  readonly price?: Pick<Price, "input" | "output">;
}

/** What reviews where only a key for Anthropic is given: the middle size of its newest generation. */
export const defaultAnthropicModel = "claude-sonnet-5-5";

/** A bound for the whole answer, thinking included, well below what the models allow. */
const anthropicMaxOutputTokens = 32_000;

/** The configured model, or undefined where there is none: then the analysers review alone. */
export function createReviewModel(config: ModelConfig): ReviewModel | undefined {
  const price = chosenModel(config)?.price;
  if (config.anthropic !== undefined) return anthropicModel(config.anthropic, price);
  if (config.openai !== undefined) return openaiModel(config.openai, price);
  return undefined;
}

/** Which model that is, and its price, where that is known. */
export function chosenModel(
  config: ModelConfig,
): { readonly name: string; readonly price: Price | undefined } | undefined {
  const name = (config.anthropic ?? config.openai)?.model;
  if (name === undefined) return undefined;
  return { name, price: config.price === undefined ? listPrice(name) : plainPrice(config.price) };
}

function anthropicModel(
  { apiKey, model, baseUrl }: NonNullable<ModelConfig["anthropic"]>,
  price: Price | undefined,
): ReviewModel {
  const provider = createAnthropic({
    apiKey,
    ...(baseUrl === undefined ? {} : { baseURL: withVersion(baseUrl) }),
  });
  return {
    name: model,
    ...(price !== undefined && { price }),
    review: (request) =>
      askForReview({
        name: model,
        price,
        languageModel: provider(model),
        secrets: [apiKey],
        // Every step of a tool loop sends the whole prompt again: let the provider keep it.
        providerOptions: { anthropic: { cacheControl: { type: "ephemeral" } } },
        request: { maxOutputTokens: anthropicMaxOutputTokens, ...request },
      }),
  };
}

function openaiModel(
  { apiKey, model, baseUrl }: NonNullable<ModelConfig["openai"]>,
  price: Price | undefined,
): ReviewModel {
  const provider = createOpenAICompatible({
    name: "openai-compatible",
    baseURL: baseUrl,
    // Without it the SDK drops the schema and asks for just any JSON.
    supportsStructuredOutputs: true,
    ...(apiKey === undefined ? {} : { apiKey }),
  });
  // Servers that pass the schema over tend to answer with JSON in a Markdown fence.
  const languageModel = wrapLanguageModel({ model: provider(model), middleware: extractJsonMiddleware() });
  return {
    name: model,
    ...(price !== undefined && { price }),
    review: (request) =>
      askForReview({
        name: model,
        price,
        languageModel,
        secrets: apiKey === undefined ? [] : [apiKey],
        request,
      }),
  };
}

function withVersion(baseUrl: string): string {
  const root = baseUrl.replace(/\/+$/, "");
  return /\/v\d+$/.test(root) ? root : `${root}/v1`;
}
