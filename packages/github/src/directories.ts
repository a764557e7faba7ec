import { z } from "zod";
import { fetchOne } from "./answers.ts";
import type { GitHubClient } from "./client.ts";
import { encodePath, isGitPath } from "./contents.ts";
import { GitHubNotFound } from "./errors.ts";
import { type RepositoryRef, routeOf } from "./repositories.ts";

/** What lies in a directory. Names are a stranger's text. */
export interface DirectoryEntry {
  readonly name: string;
  /** From the root of the repository. */
  readonly path: string;
  readonly type: "file" | "dir" | "symlink" | "submodule";
  /** In bytes; 0 for all but files. */
  readonly size: number;
}

const entrySchema = z.object({
  name: z.string(),
  path: z.string(),
  type: z.enum(["file", "dir", "symlink", "submodule"]),
  size: z.int().nonnegative(),
});

/** Of what is no directory GitHub gives one object. */
const contentsSchema = z.union([z.array(entrySchema), z.looseObject({}).transform(() => undefined)]);

/**
 * The entries of a directory at a ref (a sha, branch or tag), in GitHub's order and the first 1,000 of them: GitHub gives
 * no more. Undefined where there is no such directory.
 *
 * @param path from the root of the repository; empty for the root itself
 */
export async function listDirectory(
  client: GitHubClient,
  repo: RepositoryRef,
  path: string,
  ref: string,
): Promise<DirectoryEntry[] | undefined> {
  if (path !== "" && !isGitPath(path)) return undefined;
  try {
    return await fetchOne(client, contentsSchema, "GET /repos/{owner}/{repo}/contents/{+path}", {
      ...routeOf(repo),
      path: encodePath(path),
      ref,
    });
  } catch (error) {
    if (error instanceof GitHubNotFound) return undefined;
    throw error;
  }
}
