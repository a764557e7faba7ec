import { askInOrder } from "./ask-in-order.ts";
import type { Candidate } from "./candidate.ts";
import { listPrice, plainPrice, type Price } from "./prices.ts";
import type { ReviewModel } from "./review-model.ts";

/**
 * Which models to ask, in this order: Anthropic's, then the other server's. Each one after the first is asked where
 * those before it have no answer.
 */
export interface ModelConfig {
  readonly anthropic?: {
    readonly apiKey: string;
    readonly models: readonly string[];
    /** The API's root, with or without its `/v1`; Anthropic's own where absent. */
    readonly baseUrl?: string;
  };
  readonly openai?: {
    /** A local server asks for none. */
    readonly apiKey?: string;
    /** Of any server that speaks OpenAI's chat completions, with its version: `http://localhost:11434/v1`. */
    readonly baseUrl: string;
    readonly models: readonly string[];
  };
  /** US dollars for a million tokens of each model, in their order. Where one is absent, it is the list price. */
  readonly prices?: readonly (Pick<Price, "input" | "output"> | undefined)[];
}

/** A configured model, and its price, where that is known. */
export interface ConfiguredModel {
  readonly name: string;
  readonly price: Price | undefined;
}

/** What reviews where only a key for Anthropic is given: the middle size of its newest generation. */
export const defaultAnthropicModel = "claude-sonnet-5-5";

/** A bound for the whole answer, thinking included, well below what the models allow. */
const anthropicMaxOutputTokens = 32_000;

/** The configured models as one, or undefined where there is none: then the analysers review alone. */
export function createReviewModel(config: ModelConfig): ReviewModel | undefined {
  const models = configuredModels(config);
  const candidates = [...anthropicModels(config), ...openaiModels(config)].map((each, index): Candidate => ({
    ...each,
    price: models[index]?.price,
    learned: {},
  }));
  const [first] = candidates;
  if (first === undefined) return undefined;
  return {
    name: first.name,
    ...(first.price !== undefined && { price: first.price }),
    ask: (request) => askInOrder(candidates, request),
  };
}

/** The configured models in the order in which they are asked. */
export function configuredModels({ anthropic, openai, prices }: ModelConfig): ConfiguredModel[] {
  const names = [...(anthropic?.models ?? []), ...(openai?.models ?? [])];
  return names.map((name, index) => {
    const price = prices?.[index];
    return { name, price: price === undefined ? listPrice(name) : plainPrice(price) };
  });
}

type Unpriced = Omit<Candidate, "price" | "learned">;

function anthropicModels({ anthropic }: ModelConfig): Unpriced[] {
  if (anthropic === undefined) return [];
  const { apiKey, models, baseUrl } = anthropic;
  const settings = { apiKey, ...(baseUrl === undefined ? {} : { baseURL: withVersion(baseUrl) }) };
  return models.map((name) => ({
    name,
    // Loaded when it is needed: as it loads it reads variables of its own from the environment, and fails over empty ones.
    load: async () => (await import("@ai-sdk/anthropic")).createAnthropic(settings)(name),
    secrets: [apiKey],
    marksCache: true,
    maxOutputTokens: anthropicMaxOutputTokens,
  }));
}

function openaiModels({ openai }: ModelConfig): Unpriced[] {
  if (openai === undefined) return [];
  const { apiKey, models, baseUrl } = openai;
  const settings = {
    name: "openai-compatible",
    baseURL: baseUrl,
    // Without it the SDK drops the schema and asks for just any JSON.
    supportsStructuredOutputs: true,
    ...(apiKey === undefined ? {} : { apiKey }),
  };
  return models.map((name) => ({
    name,
    load: async () => (await import("@ai-sdk/openai-compatible")).createOpenAICompatible(settings)(name),
    secrets: apiKey === undefined ? [] : [apiKey],
    marksCache: false,
  }));
}

function withVersion(baseUrl: string): string {
  const root = baseUrl.replace(/\/+$/, "");
  return /\/v\d+$/.test(root) ? root : `${root}/v1`;
}
