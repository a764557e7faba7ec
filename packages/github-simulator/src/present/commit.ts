import type { Commit, Signature } from "../git/history.ts";
import type { RepositoryRecord } from "../state/model.ts";
import type { World } from "../world.ts";
import { type Json, apiUrl, nodeId, pageUrl } from "./links.ts";
import { presentUser } from "./user.ts";

/** GitHub's `commit`. Author and committer are users where their address is known. */
export function presentCommit(world: World, repository: RepositoryRecord, commit: Commit): Json {
  const api = apiUrl(world, repository);
  const page = pageUrl(world, repository);
  const userOf = (signature: Signature) => {
    const user = world.store.state.users.find((candidate) => candidate.email === signature.email);
    return user ? presentUser(world, user) : null;
  };
  return {
    sha: commit.sha,
    node_id: nodeId("Commit", repository.id) + commit.sha,
    commit: {
      author: commit.author,
      committer: commit.committer,
      message: commit.message,
      tree: { sha: commit.tree, url: `${api}/git/trees/${commit.tree}` },
      url: `${api}/git/commits/${commit.sha}`,
      comment_count: 0,
      verification: {
        verified: false,
        reason: "unsigned",
        signature: null,
        payload: null,
        verified_at: null,
      },
    },
    url: `${api}/commits/${commit.sha}`,
    html_url: `${page}/commit/${commit.sha}`,
    comments_url: `${api}/commits/${commit.sha}/comments`,
    author: userOf(commit.author),
    committer: userOf(commit.committer),
    parents: commit.parents.map((sha) => ({
      sha,
      url: `${api}/commits/${sha}`,
      html_url: `${page}/commit/${sha}`,
    })),
  };
}
