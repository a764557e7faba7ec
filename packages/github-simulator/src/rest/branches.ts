import { readCommit } from "../git/history.ts";
import { branchTip, listBranches } from "../git/refs.ts";
import { presentCommit } from "../present/commit.ts";
import { apiUrl, encodePath, pageUrl } from "../present/links.ts";
import { GitHubProblem } from "../problem.ts";
import { type Answer, type Call, type Route, ok, requireTarget } from "./call.ts";
import { pageOf } from "./pages.ts";

/** Branches. */
export const branchRoutes: readonly Route[] = [
  ["get", "/repos/:owner/:repo/branches", getBranches],
  ["get", "/repos/:owner/:repo/branches/*branch", getBranch],
];

async function getBranches(call: Call): Promise<Answer> {
  const target = requireTarget(call);
  const { items, headers } = pageOf(call, await listBranches(target.dir));
  const api = apiUrl(call.world, target.repository);
  const shown = items.map(({ name, sha }) => ({
    name,
    commit: { sha, url: `${api}/commits/${sha}` },
    protected: false,
  }));
  return ok(shown, headers);
}

async function getBranch(call: Call): Promise<Answer> {
  const target = requireTarget(call);
  const name = call.params["branch"] ?? "";
  const sha = await branchTip(target.dir, name);
  if (!sha) throw new GitHubProblem(404, "Branch not found");
  const url = `${apiUrl(call.world, target.repository)}/branches/${encodePath(name)}`;
  return ok({
    name,
    commit: presentCommit(call.world, target.repository, await readCommit(target.dir, sha)),
    _links: { self: url, html: `${pageUrl(call.world, target.repository)}/tree/${encodePath(name)}` },
    protected: false,
    protection: {
      enabled: false,
      required_status_checks: { enforcement_level: "off", contexts: [], checks: [] },
    },
    protection_url: `${url}/protection`,
  });
}
