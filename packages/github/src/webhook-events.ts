import { z } from "zod";

/** A pull_request event that lacks what every such event has: not GitHub's, or not any more. */
export class WebhookPayloadError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "WebhookPayloadError";
  }
}

/** What a webhook means to Nectr: a closed set. */
export type WebhookEvent =
  | (PullRequestEvent & { readonly kind: "review"; readonly action: ReviewAction })
  | (PullRequestEvent & { readonly kind: "close"; readonly action: "closed"; readonly merged: boolean })
  | {
      readonly kind: "ignored";
      /** In words for people. */
      readonly reason: string;
      readonly repositoryId?: number;
      readonly fullName?: string;
      readonly action?: string;
    };

interface PullRequestEvent {
  readonly repositoryId: number;
  /** `owner/name` */
  readonly fullName: string;
  readonly number: number;
  readonly headSha: string;
}

const reviewActions = ["opened", "reopened", "synchronize", "ready_for_review"] as const;

/** Actions after which the pull request's head deserves a review; `edited` only where its base is another one. */
export type ReviewAction = (typeof reviewActions)[number] | "edited";

/** What any event may say; nothing in it is required. */
const anyEvent = z.object({
  action: z.string().optional().catch(undefined),
  repository: z
    .object({ id: z.int().positive(), full_name: z.string().min(1) })
    .optional()
    .catch(undefined),
});

const pullRequestEvent = z.object({
  action: z.string(),
  changes: z.object({ base: z.unknown() }).optional().catch(undefined),
  repository: z.object({ id: z.int().positive(), full_name: z.string().regex(/^[\w.-]+\/[\w.-]+$/) }),
  pull_request: z.object({
    number: z.int().positive(),
    draft: z.boolean().default(false),
    merged: z.boolean().nullish(),
    head: z.object({ sha: z.string().regex(/^[0-9a-f]{40}([0-9a-f]{24})?$/) }),
  }),
});

/**
 * Reads a webhook whose signature held. Of all that a webhook may be subscribed to, pull_request events alone mean
 * work today. `name` is the X-GitHub-Event header.
 *
 * @throws WebhookPayloadError where a pull_request event lacks its repository, number, head or action
 */
export function parseWebhookEvent(name: string, payload: unknown): WebhookEvent {
  if (name === "pull_request") return parsePullRequestEvent(payload);
  const { action, repository } = anyEvent.safeParse(payload).data ?? {};
  return {
    kind: "ignored",
    reason: name === "ping" ? "ping: the webhook is connected" : `${name} events are not used`,
    ...(repository !== undefined && { repositoryId: repository.id, fullName: repository.full_name }),
    ...(action !== undefined && { action }),
  };
}

function parsePullRequestEvent(payload: unknown): WebhookEvent {
  const parsed = pullRequestEvent.safeParse(payload);
  if (!parsed.success) {
    const problems = parsed.error.issues.map(
      ({ path, message }) => `${path.join(".") || "payload"}: ${message}`,
    );
    throw new WebhookPayloadError(`Not a pull_request event: ${problems.join("; ")}`);
  }
  const { action, changes, repository, pull_request: pullRequest } = parsed.data;
  const source = { repositoryId: repository.id, fullName: repository.full_name };
  const event = { ...source, number: pullRequest.number, headSha: pullRequest.head.sha };

  if (action === "closed") return { kind: "close", ...event, action, merged: pullRequest.merged ?? false };
  const retargeted = action === "edited" && changes?.base !== undefined;
  const reviewAction = retargeted ? "edited" : reviewActions.find((known) => known === action);
  if (reviewAction === undefined) {
    return { kind: "ignored", reason: `pull_request ${action} changes no code`, ...source, action };
  }
  if (pullRequest.draft) {
    return { kind: "ignored", reason: "draft: waits for ready_for_review", ...source, action };
  }
  return { kind: "review", ...event, action: reviewAction };
}
