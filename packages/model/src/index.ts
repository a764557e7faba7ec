export {
  chosenModel,
  type ModelConfig,
  createReviewModel,
  defaultAnthropicModel,
} from "./create-review-model.ts";
export { ModelError, type ModelErrorKind } from "./model-error.ts";
export type { Price } from "./prices.ts";
export type { ModelResponse, ModelUsage, RepositoryTools, ReviewModel } from "./review-model.ts";
