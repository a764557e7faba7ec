import { z } from "zod";
import { type GitHubProblem, validationFailed } from "../problem.ts";

const hookConfig = z.object({
  url: z.string().optional(),
  content_type: z.string().optional(),
  secret: z.string().optional(),
  insecure_ssl: z.union([z.string(), z.number()]).transform(String).optional(),
});

/** What a new hook is made of. */
export const newHook = z.object({
  name: z.string().optional(),
  config: hookConfig.default({}),
  events: z.array(z.string()).default(["push"]),
  active: z.boolean().default(true),
});

/** What may be changed of a hook. */
export const hookChange = z.object({
  config: hookConfig.optional(),
  events: z.array(z.string()).optional(),
  add_events: z.array(z.string()).default([]),
  remove_events: z.array(z.string()).default([]),
  active: z.boolean().optional(),
});

/** The address of a hook. Throws 422 where it is missing or none. */
export function requireUrl(url: string | undefined): string {
  if (!url) throw refusedHook("Config must contain URL for webhooks");
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
    throw refusedHook("url is not a valid URL", "url");
  }
  return url;
}

const knownEvents = new Set([
  "*",
  "check_run",
  "check_suite",
  "commit_comment",
  "create",
  "delete",
  "fork",
  "issue_comment",
  "issues",
  "member",
  "pull_request",
  "pull_request_review",
  "pull_request_review_comment",
  "pull_request_review_thread",
  "push",
  "release",
  "repository",
  "status",
  "workflow_run",
]);

/** The events of a hook, each once. Throws 422 for those that GitHub does not send to repositories. */
export function requireEvents(events: readonly string[]): string[] {
  const unknown = events.filter((event) => !knownEvents.has(event));
  if (unknown.length === 0) return [...new Set(events)];
  throw refusedHook(`These events are not allowed for this hook: ${unknown.join(", ")}.`);
}

/** 422 that says what is wrong with a hook. */
export function refusedHook(message: string, field?: string): GitHubProblem {
  return validationFailed({
    resource: "Hook",
    code: "custom",
    ...(field !== undefined && { field }),
    message,
  });
}
