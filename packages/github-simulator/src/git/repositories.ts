import { runGit, runGitAnywhere } from "./run.ts";

/** Makes an empty bare repository whose default branch is `main`. */
export async function createBareRepository(dir: string): Promise<void> {
  await runGitAnywhere(["init", "--quiet", "--bare", "--initial-branch=main", dir]);
  await configure(dir);
}

/** Makes a bare copy of the repository at `from`, with all its branches and tags. */
export async function cloneBareRepository(from: string, dir: string): Promise<void> {
  await runGitAnywhere(["clone", "--quiet", "--bare", "--no-hardlinks", from, dir]);
  await configure(dir);
}

/** Brings a branch of another repository (a fork) in as `target`, as GitHub keeps `refs/pull/N/head`. */
export async function fetchBranch(dir: string, from: string, sha: string, target: string): Promise<void> {
  await runGit(dir, ["fetch", "--quiet", "--no-tags", from, `+${sha}:${target}`]);
}

async function configure(dir: string): Promise<void> {
  await runGit(dir, ["config", "http.receivepack", "true"]);
  // GitHub's own refs cannot be pushed to.
  await runGit(dir, ["config", "receive.hideRefs", "refs/pull"]);
  await runGit(dir, ["config", "uploadpack.allowAnySHA1InWant", "true"]);
  await runGit(dir, ["config", "gc.auto", "0"]);
}
