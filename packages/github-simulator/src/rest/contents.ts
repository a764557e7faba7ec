import { defaultBranch, resolveCommit } from "../git/refs.ts";
import { type TreeEntry, listFolder, listTree, readBlob, treeEntry } from "../git/objects.ts";
import { gitText } from "../git/run.ts";
import { type Json, apiUrl, encodePath, pageUrl } from "../present/links.ts";
import { GitHubProblem, notFound } from "../problem.ts";
import { type Answer, type Call, type Route, type Target, ok, requireTarget } from "./call.ts";

/** Files, folders and trees. */
export const contentRoutes: readonly Route[] = [
  ["get", "/repos/:owner/:repo/contents", getContents],
  ["get", "/repos/:owner/:repo/contents/*path", getContents],
  ["get", "/repos/:owner/:repo/readme", getReadme],
  ["get", "/repos/:owner/:repo/git/trees/*tree", getTree],
  ["get", "/repos/:owner/:repo/git/blobs/:sha", getBlob],
];

/** Files above this size are given in no other form than raw; above the second, not at all. */
const mostJsonBytes = 1_000_000;
const mostRawBytes = 100_000_000;

async function getContents(call: Call): Promise<Answer> {
  const target = requireTarget(call);
  const ref = call.query.get("ref") ?? (await defaultBranch(target.dir));
  const commit = await resolveCommit(target.dir, ref);
  if (!commit) throw new GitHubProblem(404, `No commit found for the ref ${ref}`);
  const path = (call.params["path"] ?? "").replace(/^\/+|\/+$/g, "");
  const entry = path === "" ? undefined : await treeEntry(target.dir, commit, path);
  if (path !== "" && !entry) throw notFound();
  if (entry?.type === "blob") return fileAnswer(call, target, entry, ref);
  if (entry?.type === "commit") return ok(presentEntry(call, target, entry, ref));
  const entries = await listFolder(target.dir, commit, path);
  return ok(entries.map((child) => presentEntry(call, target, child, ref)));
}

async function getReadme(call: Call): Promise<Answer> {
  const target = requireTarget(call);
  const ref = call.query.get("ref") ?? (await defaultBranch(target.dir));
  const commit = await resolveCommit(target.dir, ref);
  const entries = commit ? await listFolder(target.dir, commit, "") : [];
  const readme = entries.find((entry) => entry.type === "blob" && /^readme(\.\w+)?$/i.test(entry.path));
  if (!readme) throw notFound();
  return fileAnswer(call, target, readme, ref);
}

async function fileAnswer(call: Call, target: Target, entry: TreeEntry, ref: string): Promise<Answer> {
  const size = entry.size ?? 0;
  if (size > mostRawBytes) {
    const message = "This API returns blobs up to 100 MB in size.";
    throw new GitHubProblem(403, message, [{ resource: "Blob", field: "data", code: "too_large" }]);
  }
  const bytes = await readBlob(target.dir, entry.sha);
  if (call.media === "raw") {
    return { status: 200, raw: { type: "application/vnd.github.raw; charset=utf-8", data: bytes } };
  }
  const large = size > mostJsonBytes;
  return ok({
    ...presentEntry(call, target, entry, ref),
    content: large ? "" : wrapped(bytes.toString("base64")),
    encoding: large ? "none" : "base64",
  });
}

/** base64 in lines of 60, each with its newline, as GitHub gives it. */
function wrapped(base64: string): string {
  return base64.replace(/.{1,60}/g, (line) => `${line}\n`);
}

const kinds = { blob: "file", tree: "dir", commit: "submodule" } as const;

function presentEntry(call: Call, target: Target, entry: TreeEntry, ref: string): Json {
  const api = apiUrl(call.world, target.repository);
  const page = pageUrl(call.world, target.repository);
  const path = encodePath(entry.path);
  const url = `${api}/contents/${path}?ref=${encodeURIComponent(ref)}`;
  const html = `${page}/${entry.type === "tree" ? "tree" : "blob"}/${encodePath(ref)}/${path}`;
  const git = `${api}/git/${entry.type === "tree" ? "trees" : "blobs"}/${entry.sha}`;
  return {
    // A link is a kind of its own when its target is not a file of the repository.
    type: entry.mode === "120000" ? "symlink" : kinds[entry.type],
    name: entry.path.split("/").at(-1),
    path: entry.path,
    sha: entry.sha,
    size: entry.size ?? 0,
    url,
    html_url: html,
    git_url: git,
    download_url: entry.type === "blob" ? `${page}/raw/${encodePath(ref)}/${path}` : null,
    _links: { self: url, git, html },
  };
}

async function getTree(call: Call): Promise<Answer> {
  const target = requireTarget(call);
  const wanted = call.params["tree"] ?? "";
  if (wanted.startsWith("-")) throw notFound();
  const args = ["rev-parse", "--verify", "--quiet", "--end-of-options", `${wanted}^{tree}`];
  const sha = (await gitText(target.dir, args, { accept: [1, 128] })).trim();
  if (!/^[0-9a-f]{40}$/.test(sha)) throw notFound();
  const api = apiUrl(call.world, target.repository);
  const entries = await listTree(target.dir, sha, call.query.has("recursive"));
  return ok({
    sha,
    url: `${api}/git/trees/${sha}`,
    tree: entries.map((entry) => ({
      path: entry.path,
      mode: entry.mode,
      type: entry.type,
      sha: entry.sha,
      ...(entry.size === undefined ? {} : { size: entry.size }),
      ...(entry.type === "commit"
        ? {}
        : { url: `${api}/git/${entry.type === "tree" ? "trees" : "blobs"}/${entry.sha}` }),
    })),
    truncated: false,
  });
}

async function getBlob(call: Call): Promise<Answer> {
  const target = requireTarget(call);
  const sha = call.params["sha"] ?? "";
  if (!/^[0-9a-f]{40}$/.test(sha)) throw notFound();
  const kind = await gitText(target.dir, ["cat-file", "-t", sha], { accept: [1, 128] });
  if (kind.trim() !== "blob") throw notFound();
  const bytes = await readBlob(target.dir, sha);
  if (call.media === "raw") {
    return { status: 200, raw: { type: "application/vnd.github.raw; charset=utf-8", data: bytes } };
  }
  return ok({
    sha,
    node_id: sha,
    size: bytes.length,
    url: `${apiUrl(call.world, target.repository)}/git/blobs/${sha}`,
    content: wrapped(bytes.toString("base64")),
    encoding: "base64",
  });
}
