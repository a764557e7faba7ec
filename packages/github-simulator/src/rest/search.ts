import { defaultBranch, resolveCommit } from "../git/refs.ts";
import { searchTree } from "../git/search.ts";
import { apiUrl, encodePath, pageUrl } from "../present/links.ts";
import { presentRepository } from "../present/repository.ts";
import { validationFailed } from "../problem.ts";
import { permissionOf, repositoryByFullName } from "../state/lookups.ts";
import type { RepositoryRecord } from "../state/model.ts";
import { gitDir } from "../world.ts";
import { type Answer, type Call, hasScope, ok, requireViewer, type Route } from "./call.ts";
import { pageOf } from "./pages.ts";

/** The search of code. */
export const searchRoutes: readonly Route[] = [["get", "/search/code", searchCode]];

/** Words and quoted phrases, of which a file has to have all, in the default branch of the repositories that are named. */
async function searchCode(call: Call): Promise<Answer> {
  requireViewer(call);
  const { phrases, names } = parseQuery(call.query.get("q") ?? "");
  if (phrases.length === 0) {
    throw validationFailed({ resource: "Search", field: "q", code: "missing", message: "q is empty" });
  }
  const repositories = names.flatMap((name) => visible(call, name) ?? []);
  if (repositories.length === 0) {
    const message = "The listed users and repositories cannot be searched.";
    throw validationFailed({ resource: "Search", field: "q", code: "invalid", message });
  }
  const found = (
    await Promise.all(repositories.map((repository) => hitsIn(call, repository, phrases)))
  ).flat();
  const { items, headers } = pageOf(call, found);
  return ok({ total_count: found.length, incomplete_results: false, items }, headers);
}

/** Qualifiers other than `repo:` are left out; in quotes all is text. */
function parseQuery(q: string): { phrases: string[]; names: string[] } {
  const parts = [...q.matchAll(/"([^"]*)"|(\S+)/g)];
  const words = parts.flatMap(([, , word]) => word ?? []);
  const phrases = parts.flatMap(([, phrase, word]) => phrase ?? (word?.includes(":") ? [] : (word ?? [])));
  return {
    phrases: phrases.filter((phrase) => phrase.trim() !== ""),
    names: words.flatMap((word) => /^repo:(.+)$/.exec(word)?.[1] ?? []),
  };
}

function visible({ world, viewer }: Call, fullName: string): RepositoryRecord | undefined {
  const repository = repositoryByFullName(world.store.state, fullName);
  if (!repository || !permissionOf(repository, viewer?.user)) return undefined;
  return repository.private && viewer && !hasScope(viewer.token, "repo") ? undefined : repository;
}

async function hitsIn(call: Call, repository: RepositoryRecord, phrases: readonly string[]) {
  const dir = gitDir(call.world, repository);
  const commit = await resolveCommit(dir, await defaultBranch(dir));
  if (!commit) return [];
  const shown = await presentRepository(call.world, repository);
  const api = apiUrl(call.world, repository);
  return (await searchTree(dir, commit, phrases)).map(({ path, sha, fragment }) => ({
    name: path.split("/").at(-1),
    path,
    sha,
    url: `${api}/contents/${encodePath(path)}?ref=${commit}`,
    git_url: `${api}/git/blobs/${sha}`,
    html_url: `${pageUrl(call.world, repository)}/blob/${commit}/${encodePath(path)}`,
    repository: shown,
    score: 1,
    ...(call.headers.accept?.includes("text-match") && {
      text_matches: [
        { object_url: api, object_type: "FileContent", property: "content", fragment, matches: [] },
      ],
    }),
  }));
}
