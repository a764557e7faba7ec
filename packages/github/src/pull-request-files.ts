import { z } from "zod";
import { hasNextPage, parseAnswer } from "./answers.ts";
import type { GitHubClient } from "./client.ts";
import { type RepositoryRef, routeOf } from "./repositories.ts";

export interface PullRequestFile {
  readonly path: string;
  /** Where it was renamed or copied from. */
  readonly previousPath?: string;
  readonly status: "added" | "removed" | "modified" | "renamed" | "copied" | "changed" | "unchanged";
  readonly additions: number;
  readonly deletions: number;
  /** Hunks only, without `diff --git` lines. Absent for binary, very large and merely renamed files. */
  readonly patch?: string;
  /** Blob at the head; null for a removed file's. */
  readonly sha: string | null;
}

/**
 * GitHub lists no more files than this, whatever `PullRequest.changedFiles` says:
 * https://docs.github.com/en/rest/pulls/pulls#list-pull-requests-files
 */
export const maxListedFiles = 3000;

const route = "GET /repos/{owner}/{repo}/pulls/{pull_number}/files";

/**
 * Page sizes, each a divisor of the one before. After about 20,000 lines of one page GitHub lists the
 * remaining files with zero additions and deletions and no patch; asked for in smaller pages they are whole.
 */
const pageSizes: readonly number[] = [100, 10, 1];

/**
 * A page lighter than this is taken at its word. Far below the 20,000 lines that GitHub is known to cut at,
 * and still above most pages, so that binary files (which also have no lines and no patch) cost nothing.
 */
const heavyPage = { lines: 5000, patchLength: 500_000 };

const fileSchema = z
  .object({
    filename: z.string(),
    previous_filename: z.string().optional(),
    status: z.enum(["added", "removed", "modified", "renamed", "copied", "changed", "unchanged"]),
    additions: z.int().nonnegative(),
    deletions: z.int().nonnegative(),
    patch: z.string().optional(),
    sha: z.string().nullish(),
  })
  .transform((f): PullRequestFile => ({
    path: f.filename,
    ...(f.previous_filename !== undefined && { previousPath: f.previous_filename }),
    status: f.status,
    additions: f.additions,
    deletions: f.deletions,
    ...(f.patch !== undefined && { patch: f.patch }),
    sha: f.sha ?? null,
  }));

/** Changed files in GitHub's order, `maxListedFiles` at most; entries that a long page cut short are fetched again. */
export async function listPullRequestFiles(
  client: GitHubClient,
  repo: RepositoryRef,
  number: number,
): Promise<PullRequestFile[]> {
  async function fetchPage(size: number, page: number): Promise<{ files: PullRequestFile[]; more: boolean }> {
    const answer = await client.send(route, { ...routeOf(repo), pull_number: number, per_page: size, page });
    return { files: parseAnswer(z.array(fileSchema), answer, route), more: hasNextPage(answer) };
  }

  /** A page of the given size, its thin end replaced out of pages of the next size. */
  async function fetchWhole(
    sizeIndex: number,
    page: number,
  ): Promise<{ files: PullRequestFile[]; more: boolean }> {
    const size = pageSizes[sizeIndex] ?? 1;
    const { files, more } = await fetchPage(size, page);
    const nextSize = pageSizes[sizeIndex + 1];
    const thinFrom = startOfThinEnd(files);
    if (nextSize === undefined || thinFrom === files.length || !isHeavy(files)) return { files, more };

    const first = Math.floor(thinFrom / nextSize);
    const whole = files.slice(0, first * nextSize);
    for (let part = first; part * nextSize < files.length; part += 1) {
      const smaller = await fetchWhole(sizeIndex + 1, ((page - 1) * size) / nextSize + part + 1);
      whole.push(...smaller.files);
    }
    return { files: whole, more };
  }

  const files: PullRequestFile[] = [];
  for (let page = 1; files.length < maxListedFiles; page += 1) {
    const next = await fetchWhole(0, page);
    files.push(...next.files);
    if (!next.more) break;
  }
  return files.slice(0, maxListedFiles);
}

/** Index from which on every entry has neither lines nor patch; the length where the last one has. */
function startOfThinEnd(files: readonly PullRequestFile[]): number {
  return (
    files.findLastIndex(
      ({ additions, deletions, patch }) => additions + deletions > 0 || patch !== undefined,
    ) + 1
  );
}

function isHeavy(files: readonly PullRequestFile[]): boolean {
  let lines = 0;
  let patchLength = 0;
  for (const { additions, deletions, patch } of files) {
    lines += additions + deletions;
    patchLength += patch?.length ?? 0;
  }
  return lines >= heavyPage.lines || patchLength >= heavyPage.patchLength;
}
