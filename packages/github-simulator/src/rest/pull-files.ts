import { diffOfPull } from "../diff/pull-diff.ts";
import type { ChangedFile } from "../git/diff.ts";
import { shasBetween, readCommit } from "../git/history.ts";
import { presentCommit } from "../present/commit.ts";
import { type Json, apiUrl, encodePath, pageUrl } from "../present/links.ts";
import type { RepositoryRecord } from "../state/model.ts";
import type { World } from "../world.ts";
import { type Call, type Route, ok, requirePull, requireTarget } from "./call.ts";
import { pageOf } from "./pages.ts";

/** The files and the commits of a pull request. */
export const pullFileRoutes: readonly Route[] = [
  ["get", "/repos/:owner/:repo/pulls/:number/files", listFiles],
  ["get", "/repos/:owner/:repo/pulls/:number/commits", listPullCommits],
];

const mostFiles = 3000;
const mostCommits = 250;
/** After this many lines of patches on one page, the rest of the page is thin. */
const fullLinesPerPage = 20_000;
/** Larger patches of a single file are never given. */
const mostPatchLines = 20_000;
const mostPatchBytes = 500_000;

async function listFiles(call: Call) {
  const target = requireTarget(call);
  const issue = requirePull(call, target);
  const { files } = await diffOfPull(call.world, issue);
  const { items, headers } = pageOf(call, files.slice(0, mostFiles));
  return ok(
    thinPage(items, (file) => presentFile(call.world, target.repository, issue.pull.headSha, file)),
    headers,
  );
}

/** Beyond the page's budget of lines a file keeps its name but shows no counts and no patch. */
function thinPage(files: readonly ChangedFile[], present: (file: ChangedFile) => Json): Json[] {
  let spent = 0;
  return files.map((file) => {
    const shown = present(file);
    const exhausted = spent >= fullLinesPerPage;
    spent += file.section.patch === "" ? 0 : file.section.patch.split("\n").length;
    if (!exhausted) return shown;
    const { patch, ...thin } = shown;
    return { ...thin, additions: 0, deletions: 0, changes: 0 };
  });
}

/** GitHub's `diff-entry`. Binary, unchanged and very large files have no `patch`. */
export function presentFile(
  world: World,
  repository: RepositoryRecord,
  head: string,
  file: ChangedFile,
): Json {
  const { patch } = file.section;
  const lines = patch.split("\n").length;
  const shown = patch !== "" && lines <= mostPatchLines && patch.length <= mostPatchBytes;
  const path = encodePath(file.path);
  return {
    sha: file.sha,
    filename: file.path,
    status: file.status,
    additions: file.additions,
    deletions: file.deletions,
    changes: file.additions + file.deletions,
    blob_url: `${pageUrl(world, repository)}/blob/${head}/${path}`,
    raw_url: `${pageUrl(world, repository)}/raw/${head}/${path}`,
    contents_url: `${apiUrl(world, repository)}/contents/${path}?ref=${head}`,
    ...(shown ? { patch } : {}),
    ...(file.previousPath === undefined ? {} : { previous_filename: file.previousPath }),
  };
}

async function listPullCommits(call: Call) {
  const target = requireTarget(call);
  const { pull } = requirePull(call, target);
  const shas = await shasBetween(target.dir, pull.baseSha, pull.headSha);
  const { items, headers } = pageOf(call, shas.slice(0, mostCommits));
  const commits = await Promise.all(items.map((sha) => readCommit(target.dir, sha)));
  return ok(
    commits.map((commit) => presentCommit(call.world, target.repository, commit)),
    headers,
  );
}
