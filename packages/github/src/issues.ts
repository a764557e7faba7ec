import { z } from "zod";
import { fetchAll, fetchOne } from "./answers.ts";
import { type Author, authorSchema } from "./author.ts";
import type { GitHubClient } from "./client.ts";
import { GitHubNotFound } from "./errors.ts";
import { type RepositoryRef, routeOf } from "./repositories.ts";

export interface Issue {
  readonly number: number;
  readonly title: string;
  /** Markdown as written, empty where there is none. Untrusted. */
  readonly body: string;
  readonly state: "open" | "closed";
  readonly author: Author;
  readonly labels: readonly string[];
  readonly url: string;
  readonly updatedAt: Date;
}

/** The most that one listing returns: older ones are no context for a review. */
const maxIssues = 1000;

const issueFields = z.object({
  number: z.int().positive(),
  title: z.string(),
  body: z.string().nullish(),
  state: z.enum(["open", "closed"]),
  user: authorSchema,
  labels: z.array(z.union([z.string(), z.object({ name: z.string().nullish() })])).default([]),
  html_url: z.string(),
  updated_at: z.coerce.date(),
  /** Present where the issue is a pull request: for GitHub every pull request is an issue too. */
  pull_request: z.unknown().optional(),
});

function toIssue(i: z.output<typeof issueFields>): Issue {
  return {
    number: i.number,
    title: i.title,
    body: i.body ?? "",
    state: i.state,
    author: i.user,
    labels: i.labels.flatMap((label) => (typeof label === "string" ? label : (label.name ?? []))),
    url: i.html_url,
    updatedAt: i.updated_at,
  };
}

/** Issues without pull requests, last updated first, out of the latest 1,000 of both. */
export async function listIssues(
  client: GitHubClient,
  repo: RepositoryRef,
  { state }: { state: "open" | "closed" | "all" },
): Promise<Issue[]> {
  const issues = await fetchAll(
    client,
    issueFields.transform((issue) => (issue.pull_request == null ? toIssue(issue) : undefined)),
    "GET /repos/{owner}/{repo}/issues",
    { ...routeOf(repo), state, sort: "updated", direction: "desc" },
    { maxItems: maxIssues },
  );
  return issues.filter((issue) => issue !== undefined);
}

/** An issue by its number, or the pull request that has it. */
export type NumberedIssue = Issue & { readonly isPullRequest: boolean };

const numberedSchema = issueFields.extend({ repository_url: z.string() }).transform((i) => ({
  repositoryUrl: i.repository_url,
  ...toIssue(i),
  isPullRequest: i.pull_request != null,
}));

/**
 * An issue or pull request of this very repository. Undefined where there is none, and where it was moved to another
 * repository: GitHub leads there, and what the client's user may read there others may not.
 *
 * @param repo by its present name
 */
export async function getIssue(
  client: GitHubClient,
  repo: RepositoryRef,
  number: number,
): Promise<NumberedIssue | undefined> {
  const route = "GET /repos/{owner}/{repo}/issues/{issue_number}";
  try {
    const { repositoryUrl, ...issue } = await fetchOne(client, numberedSchema, route, {
      ...routeOf(repo),
      issue_number: number,
    });
    const isOurs = repositoryUrl.toLowerCase().endsWith(`/repos/${repo.owner}/${repo.name}`.toLowerCase());
    return isOurs ? issue : undefined;
  } catch (error) {
    if (error instanceof GitHubNotFound) return undefined;
    throw error;
  }
}
