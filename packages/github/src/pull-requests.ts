import { z } from "zod";
import { fetchAll, fetchOne } from "./answers.ts";
import { type Author, authorSchema } from "./author.ts";
import type { GitHubClient } from "./client.ts";
import { GitHubInvalid, GitHubUnexpected } from "./errors.ts";
import { type RepositoryRef, routeOf } from "./repositories.ts";

/** What the list of pull requests says of each. */
export interface PullRequestOverview {
  readonly number: number;
  readonly title: string;
  /** Markdown as written, empty where there is none. Untrusted. */
  readonly body: string;
  readonly state: "open" | "closed";
  readonly draft: boolean;
  readonly locked: boolean;
  readonly author: Author;
  readonly head: {
    readonly sha: string;
    readonly ref: string;
    /** null where the fork was deleted. */
    readonly repositoryId: number | null;
    /** Whether the head lies in another repository than the base. */
    readonly fork: boolean;
  };
  readonly base: { readonly sha: string; readonly ref: string };
  /** The base repository's id: a name can become another repository's. */
  readonly repositoryId: number;
  /** `owner/name` of the base repository, as it is called now. */
  readonly fullName: string;
  /** Whether the base repository is private. */
  readonly private: boolean;
  readonly labels: readonly string[];
  readonly url: string;
  readonly updatedAt: Date;
}

export interface PullRequest extends PullRequestOverview {
  readonly merged: boolean;
  readonly additions: number;
  readonly deletions: number;
  /** All of them, also those beyond the 3,000 that `listPullRequestFiles` can see. */
  readonly changedFiles: number;
}

const overviewFields = z.object({
  number: z.int().positive(),
  title: z.string(),
  body: z.string().nullish(),
  state: z.enum(["open", "closed"]),
  draft: z.boolean().default(false),
  locked: z.boolean().default(false),
  user: authorSchema,
  head: z.object({ sha: z.string(), ref: z.string(), repo: z.object({ id: z.int().positive() }).nullish() }),
  base: z.object({
    sha: z.string(),
    ref: z.string(),
    repo: z.object({ id: z.int().positive(), full_name: z.string(), private: z.boolean() }),
  }),
  labels: z.array(z.object({ name: z.string() })).default([]),
  html_url: z.string(),
  updated_at: z.coerce.date(),
});

const pullRequestFields = overviewFields.extend({
  merged: z.boolean(),
  additions: z.int().nonnegative(),
  deletions: z.int().nonnegative(),
  changed_files: z.int().nonnegative(),
});

function toOverview(p: z.output<typeof overviewFields>): PullRequestOverview {
  const headRepositoryId = p.head.repo?.id ?? null;
  return {
    number: p.number,
    title: p.title,
    body: p.body ?? "",
    state: p.state,
    draft: p.draft,
    locked: p.locked,
    author: p.user,
    head: {
      sha: p.head.sha,
      ref: p.head.ref,
      repositoryId: headRepositoryId,
      fork: headRepositoryId !== p.base.repo.id,
    },
    base: { sha: p.base.sha, ref: p.base.ref },
    repositoryId: p.base.repo.id,
    fullName: p.base.repo.full_name,
    private: p.base.repo.private,
    labels: p.labels.map(({ name }) => name),
    url: p.html_url,
    updatedAt: p.updated_at,
  };
}

const pullRequestSchema = pullRequestFields.transform((p): PullRequest => ({
  ...toOverview(p),
  merged: p.merged,
  additions: p.additions,
  deletions: p.deletions,
  changedFiles: p.changed_files,
}));

const route = "GET /repos/{owner}/{repo}/pulls/{pull_number}";

/** A pull request as it is now. */
export async function getPullRequest(
  client: GitHubClient,
  repo: RepositoryRef,
  number: number,
): Promise<PullRequest> {
  return fetchOne(client, pullRequestSchema, route, { ...routeOf(repo), pull_number: number });
}

/** The open pull requests, last updated first. */
export async function listOpenPullRequests(
  client: GitHubClient,
  repo: RepositoryRef,
): Promise<PullRequestOverview[]> {
  return fetchAll(client, overviewFields.transform(toOverview), "GET /repos/{owner}/{repo}/pulls", {
    ...routeOf(repo),
    state: "open",
    sort: "updated",
    direction: "desc",
  });
}

/**
 * The whole diff as `git diff` writes it, against the merge base. Undefined where GitHub finds it too
 * large: it answers 406 above 300 files or 20,000 lines.
 */
export async function getPullRequestDiff(
  client: GitHubClient,
  repo: RepositoryRef,
  number: number,
): Promise<string | undefined> {
  try {
    const parameters = { ...routeOf(repo), pull_number: number };
    const answer = await client.send(route, parameters, { accept: "application/vnd.github.diff" });
    if (typeof answer.data === "string") return answer.data;
    throw new GitHubUnexpected(`${route}: GitHub's diff is no text`, { status: answer.status });
  } catch (error) {
    if (error instanceof GitHubInvalid && (error.status === 406 || error.status === 413)) return undefined;
    throw error;
  }
}
