export { type ModelConfig, createReviewModel, defaultAnthropicModel } from "./create-review-model.ts";
export { ModelError } from "./model-error.ts";
export type { ModelResponse, RepositoryTools, ReviewModel } from "./review-model.ts";
