import { GitHubInvalid, GitHubNotFound } from "./errors.ts";
import type { GitHubClient } from "./client.ts";
import { type RepositoryRef, routeOf } from "./repositories.ts";

/** Bytes of a file at most; a larger one is no source that anybody wrote. */
const maxFileBytes = 1_000_000;

/** 413: over our limit. 403, "too_large": over GitHub's 100 MB. 422: a path that is no file's. */
const noText = new Set<number | undefined>([403, 413, 422]);

/**
 * A text file as it is at a ref (a sha, branch or tag). Undefined where there is no text to have: absent,
 * a directory, a submodule, binary (a NUL, or not UTF-8), or over 1 MB.
 */
export async function getFileContent(
  client: GitHubClient,
  repo: RepositoryRef,
  path: string,
  ref: string,
): Promise<string | undefined> {
  const encoded = encodePath(path);
  if (encoded === undefined) return undefined;
  try {
    const answer = await client.send(
      // `{+path}` keeps the slashes; what else needs it is encoded already.
      "GET /repos/{owner}/{repo}/contents/{+path}",
      { ...routeOf(repo), path: encoded, ref },
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
 * The path with each segment encoded, or undefined where git could not hold it: an empty, `.` or `..`
 * segment would turn the request to another route, and paths may come from a model.
 */
function encodePath(path: string): string | undefined {
  const segments = path.split("/");
  if (!path.isWellFormed() || segments.some((segment) => ["", ".", ".."].includes(segment))) return undefined;
  return segments.map(encodeURIComponent).join("/");
}

function decodeText(bytes: Uint8Array): string | undefined {
  if (bytes.includes(0)) return undefined;
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}
