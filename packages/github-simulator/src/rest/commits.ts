import { listCommits, mergeBase, readCommit, shasBetween } from "../git/history.ts";
import { defaultBranch, resolveCommit } from "../git/refs.ts";
import { presentCommit } from "../present/commit.ts";
import { apiUrl, encodePath, pageUrl } from "../present/links.ts";
import { GitHubProblem, notFound } from "../problem.ts";
import { type Answer, type Call, type Route, ok, rawDiff, requireTarget } from "./call.ts";
import { presentFile } from "./pull-files.ts";
import { pageOf } from "./pages.ts";

/** Commits, and comparisons of two of them. */
export const commitRoutes: readonly Route[] = [
  ["get", "/repos/:owner/:repo/commits", getCommits],
  ["get", "/repos/:owner/:repo/commits/*ref", getCommit],
  ["get", "/repos/:owner/:repo/compare/*basehead", getComparison],
];

async function getCommits(call: Call): Promise<Answer> {
  const target = requireTarget(call);
  const ref = call.query.get("sha") ?? (await defaultBranch(target.dir));
  const commit = await resolveCommit(target.dir, ref);
  if (!commit) throw notFound();
  const path = call.query.get("path");
  const commits = await listCommits(target.dir, commit, path === null ? {} : { path });
  const { items, headers } = pageOf(call, commits);
  return ok(
    items.map((item) => presentCommit(call.world, target.repository, item)),
    headers,
  );
}

/** The tree that git diffs a first commit against. */
const emptyTree = "4b825dc642cb6eb9a060e54bf8d69288fbee4904";

async function getCommit(call: Call): Promise<Answer> {
  const target = requireTarget(call);
  const ref = call.params["ref"] ?? "";
  const sha = await resolveCommit(target.dir, ref);
  if (!sha) throw new GitHubProblem(422, `No commit found for SHA: ${ref}`);
  const commit = await readCommit(target.dir, sha);
  const diff = await call.world.diffs.between(target.dir, commit.parents[0] ?? emptyTree, sha);
  const { additions, deletions } = diff;
  if (call.media === "diff") return rawDiff(diff);
  return ok({
    ...presentCommit(call.world, target.repository, commit),
    stats: { additions, deletions, total: additions + deletions },
    files: diff.files.map((file) => presentFile(call.world, target.repository, sha, file)),
  });
}

const mostComparedFiles = 300;

async function getComparison(call: Call): Promise<Answer> {
  const target = requireTarget(call);
  const basehead = call.params["basehead"] ?? "";
  const cut = basehead.indexOf("...");
  if (cut === -1) throw notFound();
  const ends = [basehead.slice(0, cut), basehead.slice(cut + 3)];
  const [base, head] = await Promise.all(ends.map((end) => resolveCommit(target.dir, end)));
  if (!base || !head) throw notFound();
  const ancestor = await mergeBase(target.dir, base, head);
  if (!ancestor) throw new GitHubProblem(404, `No common ancestor between ${ends[0]} and ${ends[1]}.`);
  const diff = await call.world.diffs.between(target.dir, ancestor, head);
  if (call.media === "diff") return rawDiff(diff);
  const [ahead, behind] = await Promise.all([
    shasBetween(target.dir, base, head),
    shasBetween(target.dir, head, base),
  ]);
  const show = async (sha: string) =>
    presentCommit(call.world, target.repository, await readCommit(target.dir, sha));
  const { items, headers } = pageOf(call, ahead);
  const api = `${apiUrl(call.world, target.repository)}/compare/${encodePath(basehead)}`;
  const page = `${pageUrl(call.world, target.repository)}/compare/${encodePath(basehead)}`;
  return ok(
    {
      url: api,
      html_url: page,
      permalink_url: page,
      diff_url: `${page}.diff`,
      patch_url: `${page}.patch`,
      base_commit: await show(base),
      merge_base_commit: await show(ancestor),
      status: comparisonStatus(ahead.length, behind.length),
      ahead_by: ahead.length,
      behind_by: behind.length,
      total_commits: ahead.length,
      commits: await Promise.all(items.map(show)),
      files: diff.files
        .slice(0, mostComparedFiles)
        .map((file) => presentFile(call.world, target.repository, head, file)),
    },
    headers,
  );
}

function comparisonStatus(ahead: number, behind: number): "identical" | "ahead" | "behind" | "diverged" {
  if (ahead > 0 && behind > 0) return "diverged";
  if (ahead > 0) return "ahead";
  return behind > 0 ? "behind" : "identical";
}
