import { GitHubInvalid, GitHubNotFound } from "./errors.ts";
import type { GitHubClient } from "./client.ts";
import { type RepositoryRef, routeOf } from "./repositories.ts";

/** Bytes of a file at most; a larger one is no source that anybody wrote. */
export const maxFileBytes = 1_000_000;

/** 413: over our limit. 403, "too_large": over GitHub's 100 MB. 422: a path that is no file's. */
const noText = new Set<number | undefined>([403, 413, 422]);

/**
 * A text file as it is at a ref (a sha, branch or tag). Undefined where there is no text to have: absent,
 * a directory, a submodule, binary (a NUL, or not UTF-8), kept by Git LFS, or over 1 MB.
 */
export async function getFileContent(
  client: GitHubClient,
  repo: RepositoryRef,
  path: string,
  ref: string,
): Promise<string | undefined> {
  if (!isGitPath(path)) return undefined;
  try {
    const answer = await client.send(
      "GET /repos/{owner}/{repo}/contents/{+path}",
      { ...routeOf(repo), path: encodePath(path), ref },
      { accept: "application/vnd.github.raw+json", maxBytes: maxFileBytes, raw: true },
    );
    // Directories and submodules have no raw form: GitHub describes them in plain JSON.
    if (/^application\/json\b/.test(String(answer.headers["content-type"]))) return undefined;
    return decodeText(new Uint8Array(await new Response(answer.data as ReadableStream | null).arrayBuffer()));
  } catch (error) {
    if (error instanceof GitHubNotFound) return undefined;
    if (error instanceof GitHubInvalid && noText.has(error.status)) return undefined;
    throw error;
  }
}

/**
 * Whether git could hold such a path: an empty, `.` or `..` segment would turn a request to another route, and paths may
 * come from a model.
 */
export function isGitPath(path: string): boolean {
  return path.isWellFormed() && !path.split("/").some((segment) => ["", ".", ".."].includes(segment));
}

/** A path of git's for a route's `{+path}`, which keeps the slashes. */
export function encodePath(path: string): string {
  return path.split("/").map(encodeURIComponent).join("/");
}

function decodeText(bytes: Uint8Array): string | undefined {
  try {
    return readableText(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

/** The text, if somebody wrote it: not with a NUL, and not what Git LFS keeps in place of a file. */
export function readableText(text: string): string | undefined {
  return text.includes("\0") || text.startsWith(lfsPointer) ? undefined : text;
}

/** https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md */
const lfsPointer = "version https://git-lfs.github.com/spec/v1\n";
