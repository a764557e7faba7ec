export type * from "./model.ts";
export type { Change } from "./engine/change.ts";
export type * from "./engine/ports.ts";
export { reviewChange, type ReviewOptions } from "./engine/review-change.ts";
export { bySeverity, severities } from "./model.ts";
export type { Chunk, ChunkFile } from "./chunks/chunk.ts";
export type { ElidedLine } from "./chunks/parts.ts";
export { type ChunkPlan, planChunks } from "./chunks/plan-chunks.ts";
export { DiffError } from "./diff/diff-error.ts";
export { fileDiffFromPatch, type GitHubFile } from "./diff/github-file.ts";
export { addedLines, commentableRanges, type LineRange } from "./diff/lines.ts";
export { parseDiff, parsePatch } from "./diff/parse-diff.ts";
export { placeFindings } from "./placement.ts";
export { type Selection, selectFiles } from "./selection/select-files.ts";
export { clip, firstCharacters } from "./clip.ts";
export { countTokens } from "./tokens.ts";
export { configFor, type PathConfig } from "./configuration/config-for.ts";
export { decideFilter, type FilterDecision, type FilteredPull } from "./configuration/decide-filter.ts";
export { describeConfigProblems } from "./configuration/describe-problems.ts";
export { guidanceFor, guidanceLeftOut } from "./configuration/guidance.ts";
export { instructionPaths } from "./configuration/instruction-paths.ts";
export { parseRepositoryConfig } from "./configuration/parse-repository-config.ts";
export type { ConfigProblem } from "./configuration/read-yaml.ts";
export type { RepositoryConfig } from "./configuration/repository-config.ts";
export { createRuleFilter } from "./configuration/rule-filter.ts";
export { composeReview, moveToSummary, type ReviewParts } from "./compose/compose-review.ts";
export { cleanStrings, cleanText } from "./findings/clean-text.ts";
export { fingerprint, fingerprintFindings, type LineText, lineTextOfDiff } from "./findings/fingerprint.ts";
export { type ModelAnswer, modelAnswerSchema, type ModelFinding } from "./findings/model-answer.ts";
export { type CheckAnswer, checkAnswerSchema } from "./verify/check-answer.ts";
export { type ModelFindings, toFindings } from "./findings/to-findings.ts";
export { maskSecrets } from "./secrets/mask-secrets.ts";
export { sanitizeInline } from "./markdown/sanitize-inline.ts";
export { sanitizeMarkdown } from "./markdown/sanitize-markdown.ts";
export { buildPrompt, type Prompt, type PromptInput } from "./prompt/build-prompt.ts";
export { fence } from "./prompt/fence.ts";
export type { ReviewLinks } from "./render/location.ts";
export {
  configMarker,
  findingMarker,
  reviewMarker,
  reviewMarkerStart,
  summaryMarker,
} from "./render/markers.ts";
export {
  commentPlace,
  type ReviewComment,
  type ReviewRequest,
  renderReviewRequest,
} from "./render/review-request.ts";
export { longestSummary, renderSummary } from "./render/summary.ts";
