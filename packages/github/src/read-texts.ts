import type { GitHubClient } from "./client.ts";
import { getFileContent, isGitPath } from "./contents.ts";
import {
  GitHubError,
  GitHubForbidden,
  GitHubInvalid,
  GitHubNotFound,
  GitHubUnavailable,
  GitHubUnexpected,
} from "./errors.ts";
import { inParallel } from "./in-parallel.ts";
import type { RepositoryRef } from "./repositories.ts";
import { queryTexts, type WantedFile } from "./text-query.ts";

/** Files of one commit. */
export interface WantedTexts {
  /** The commit's sha. */
  readonly ref: string;
  readonly paths: readonly string[];
}

/** Texts by path, by commit. */
export type TextsByRef = Map<string, Map<string, string>>;

/**
 * Files asked for in one request. GitHub ends a query after about 10 s, and gives 512,000 bytes of a file at most:
 * https://docs.github.com/en/graphql/overview/rate-limits-and-query-limits-for-the-graphql-api#timeouts
 */
const filesInOne = 50;
/** Requests at once, well below GitHub's 100 for all of a user's programs. */
const queriesAtOnce = 3;
const filesAtOnce = 6;

/**
 * Text files as they are at commits, many in one request, by the rules of `getFileContent`: where there is no text to
 * have, the path is absent. A commit that GitHub shows nothing of is absent as a whole. What GraphQL does not give for
 * certain, or on a server without it, is read by `getFileContent`.
 *
 * @throws GitHubNotFound where GitHub shows this user no such repository
 */
export async function readTexts(
  client: GitHubClient,
  repo: RepositoryRef,
  wanted: readonly WantedTexts[],
): Promise<TextsByRef> {
  const texts: TextsByRef = new Map();
  const textsAt = (ref: string) => texts.get(ref) ?? texts.set(ref, new Map()).get(ref);
  let hasGraphql = true;

  async function readOne({ ref, path }: WantedFile): Promise<void> {
    const text = await getFileContent(client, repo, path, ref);
    if (text !== undefined) textsAt(ref)?.set(path, text);
  }

  async function readSome(files: readonly WantedFile[]): Promise<void> {
    let unsure = files;
    if (hasGraphql) {
      try {
        const found = await queryTexts(client, repo, files);
        for (const ref of found.refs) textsAt(ref);
        for (const { ref, path, text } of found.texts) textsAt(ref)?.set(path, text);
        unsure = found.unsure;
      } catch (error) {
        if (!isBatchOnly(error)) throw error;
        if (!isOnceOnly(error)) hasGraphql = false;
      }
    }
    await inParallel(unsure, filesAtOnce, readOne);
  }

  await inParallel(batchesOf(wanted), queriesAtOnce, readSome);
  return texts;
}

function batchesOf(wanted: readonly WantedTexts[]): WantedFile[][] {
  const files = new Map<string, WantedFile>();
  for (const { ref, paths } of wanted) {
    for (const path of paths) if (isGitPath(path)) files.set(`${ref}:${path}`, { ref, path });
  }
  const all = [...files.values()];
  const starts = Array.from({ length: Math.ceil(all.length / filesInOne) }, (_, batch) => batch * filesInOne);
  return starts.map((start) => all.slice(start, start + filesInOne));
}

/** A refusal of the query, which a request for each file need not meet; one of the repository, or a limit, they would. */
function isBatchOnly(error: unknown): boolean {
  if (error instanceof GitHubNotFound) return error.status === 404;
  return (
    error instanceof GitHubForbidden ||
    error instanceof GitHubInvalid ||
    error instanceof GitHubUnavailable ||
    error instanceof GitHubUnexpected
  );
}

/** Too much for one answer, or too slow: the next batch is another matter. */
function isOnceOnly(error: unknown): boolean {
  return error instanceof GitHubUnavailable || (error instanceof GitHubError && error.status === 413);
}
