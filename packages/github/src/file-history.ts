import { z } from "zod";
import { fetchOne } from "./answers.ts";
import type { GitHubClient } from "./client.ts";
import { isGitPath } from "./contents.ts";
import { GitHubNotFound } from "./errors.ts";
import { type RepositoryRef, routeOf } from "./repositories.ts";

/** A commit that changed a file. All but its sha and date is a stranger's text. */
export interface FileCommit {
  readonly sha: string;
  /** When it was written; null where the commit does not say. */
  readonly date: Date | null;
  /** The author's login; their name in the commit where GitHub knows no account of theirs. */
  readonly author: string;
  /** First line of the message. */
  readonly title: string;
}

const commitSchema = z
  .object({
    sha: z.string(),
    commit: z.object({
      message: z.string(),
      author: z.object({ name: z.string().nullish(), date: z.coerce.date().nullish() }).nullish(),
    }),
    // An empty object for some authors without an account.
    author: z.object({ login: z.string().optional() }).nullish(),
  })
  .transform(({ sha, commit, author }): FileCommit => ({
    sha,
    date: commit.author?.date ?? null,
    author: author?.login ?? commit.author?.name ?? "unknown",
    title: commit.message.split("\n", 1)[0] ?? "",
  }));

/**
 * The commits that changed a file or directory, latest first, as seen from a ref (a sha, branch or tag). Empty where
 * there are none, or no such ref.
 *
 * @param options.limit commits at most, up to 100
 */
export async function listFileHistory(
  client: GitHubClient,
  repo: RepositoryRef,
  path: string,
  ref: string,
  { limit }: { limit: number },
): Promise<FileCommit[]> {
  if (!isGitPath(path)) return [];
  const parameters = { ...routeOf(repo), path, sha: ref, per_page: limit };
  try {
    return await fetchOne(client, z.array(commitSchema), "GET /repos/{owner}/{repo}/commits", parameters);
  } catch (error) {
    if (error instanceof GitHubNotFound) return [];
    throw error;
  }
}
