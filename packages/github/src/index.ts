export { getAuthenticatedUser, getPrimaryEmail } from "./accounts.ts";
export {
  confirmingWrites,
  createGitHubClient,
  type GitHubClient,
  type GitHubClientOptions,
  unhurried,
  withSignal,
} from "./client.ts";
export { getFileContent } from "./contents.ts";
export { type DirectoryEntry, listDirectory } from "./directories.ts";
export { dismissVerdicts } from "./dismiss-verdicts.ts";
export {
  GitHubError,
  GitHubForbidden,
  GitHubInvalid,
  GitHubNotFound,
  GitHubRateLimited,
  GitHubUnauthorized,
  GitHubUnavailable,
  GitHubUnexpected,
  isDoubtful,
} from "./errors.ts";
export { type FileCommit, listFileHistory } from "./file-history.ts";
export { getIssue, listIssues, type NumberedIssue } from "./issues.ts";
export { type LimitState, unusedLimits } from "./limit-state.ts";
export type { LimitStore } from "./limit-store.ts";
export {
  authorizeUrl,
  exchangeCode,
  type OAuthApp,
  OAuthError,
  type OAuthToken,
  refreshToken,
} from "./oauth.ts";
export { revokeGrant } from "./oauth-revoke.ts";
export { postReviewOnce } from "./post-review-once.ts";
export { listPullRequestFiles, maxListedFiles, type PullRequestFile } from "./pull-request-files.ts";
export { createPullRequestStates } from "./pull-request-states.ts";
export {
  getPullRequest,
  getPullRequestDiff,
  listOpenPullRequests,
  type PullRequest,
  type PullRequestOverview,
} from "./pull-requests.ts";
export { readTexts, type TextsByRef, type WantedTexts } from "./read-texts.ts";
export {
  getRepository,
  getRepositoryById,
  listRepositories,
  type Repository,
  type RepositoryRef,
} from "./repositories.ts";
export type { InlineComment } from "./reviews.ts";
export { type CodeHit, searchCode } from "./search-code.ts";
export { type CommitStatus, maxStatusDescription, setCommitStatus } from "./statuses.ts";
export { upsertSummaryComment } from "./upsert-summary-comment.ts";
export { type FailedDelivery, listFailedDeliveries, redeliverWebhook } from "./webhook-deliveries.ts";
export { parseWebhookEvent, type WebhookEvent, WebhookPayloadError } from "./webhook-events.ts";
export {
  installWebhook,
  uninstallWebhook,
  WebhookAccessDenied,
  WebhookLimitReached,
  WebhookUrlRefused,
} from "./webhooks.ts";
