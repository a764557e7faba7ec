export {
  type ConfiguredModel,
  configuredModels,
  type ModelConfig,
  createReviewModel,
  defaultAnthropicModel,
} from "./create-review-model.ts";
export { modelConfigOf } from "./model-config.ts";
export { ModelError, type ModelErrorKind } from "./model-error.ts";
export type { Price } from "./prices.ts";
export type { RepositoryTools } from "./repository-tools.ts";
export type { ModelRequest, ModelResponse, ModelUsage, ReviewModel, ToolCall } from "./review-model.ts";
