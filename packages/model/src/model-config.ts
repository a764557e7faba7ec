import { defaultAnthropicModel, type ModelConfig } from "./create-review-model.ts";

/** What the environment says of models, parsed and held against each other; a variable that is not set is undefined. */
export interface ModelVariables {
  readonly ANTHROPIC_API_KEY?: string | undefined;
  readonly ANTHROPIC_MODEL?: readonly string[] | undefined;
  readonly ANTHROPIC_BASE_URL?: string | undefined;
  readonly OPENAI_API_KEY?: string | undefined;
  readonly OPENAI_MODEL?: readonly string[] | undefined;
  readonly OPENAI_BASE_URL?: string | undefined;
  readonly MODEL_PRICE?: ModelConfig["prices"] | undefined;
}

/** Which models the environment names. */
export function modelConfigOf(variables: ModelVariables): ModelConfig {
  const { ANTHROPIC_API_KEY, ANTHROPIC_BASE_URL, OPENAI_API_KEY, OPENAI_BASE_URL, OPENAI_MODEL } = variables;
  return {
    ...(variables.MODEL_PRICE !== undefined && { prices: variables.MODEL_PRICE }),
    ...(ANTHROPIC_API_KEY !== undefined && {
      anthropic: {
        apiKey: ANTHROPIC_API_KEY,
        models: variables.ANTHROPIC_MODEL ?? [defaultAnthropicModel],
        ...(ANTHROPIC_BASE_URL !== undefined && { baseUrl: ANTHROPIC_BASE_URL }),
      },
    }),
    ...(OPENAI_BASE_URL !== undefined &&
      OPENAI_MODEL !== undefined && {
        openai: {
          baseUrl: OPENAI_BASE_URL,
          models: OPENAI_MODEL,
          ...(OPENAI_API_KEY !== undefined && { apiKey: OPENAI_API_KEY }),
        },
      }),
  };
}
