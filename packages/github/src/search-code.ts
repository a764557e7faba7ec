import { z } from "zod";
import { fetchOne } from "./answers.ts";
import type { GitHubClient } from "./client.ts";
import { type RepositoryRef, routeOf } from "./repositories.ts";

/** A file of the default branch in which the words were found. */
export interface CodeHit {
  readonly path: string;
  /** Pieces of the file around what was found. Untrusted, and maybe older than the branch. */
  readonly fragments: readonly string[];
}

/** Of a query without its qualifiers: https://docs.github.com/en/rest/search/search#limitations-on-query-length */
const maxQueryLength = 200;
const maxHits = 30;

const searchSchema = z.object({
  items: z.array(
    z.object({
      path: z.string(),
      repository: z.object({ full_name: z.string() }),
      text_matches: z.array(z.object({ fragment: z.string().nullish() })).nullish(),
    }),
  ),
});

/**
 * Files that contain a piece of text, as GitHub's search has them: of the default branch only, files up to 384 KB, not
 * of every repository, and at most 10 searches a minute for each user.
 *
 * @param text is looked for as it stands; no qualifier in it is heeded
 * @throws GitHubRateLimited where the searches are used up, for a minute at most, while other requests still go;
 *   GitHubInvalid where GitHub has no index of the repository, or the text is none to search for
 */
export async function searchCode(
  client: GitHubClient,
  repo: RepositoryRef,
  text: string,
): Promise<CodeHit[]> {
  const { owner, repo: name } = routeOf(repo);
  const fullName = `${owner}/${name}`;
  // In quotes all is text. Without one of its own, nothing in it can end them and name another repository.
  const quoted = text
    .replace(/["\\\s]+/g, " ")
    .trim()
    .slice(0, maxQueryLength)
    .toWellFormed();
  if (quoted === "") return [];
  const { items } = await fetchOne(
    client,
    searchSchema,
    "GET /search/code",
    { q: `"${quoted}" repo:${fullName}`, per_page: maxHits },
    { accept: "application/vnd.github.text-match+json" },
  );
  return items
    .filter(({ repository }) => repository.full_name.toLowerCase() === fullName.toLowerCase())
    .map(({ path, text_matches: matches }) => ({
      path,
      fragments: (matches ?? []).flatMap(({ fragment }) => fragment ?? []),
    }));
}
