import { gitText, runGit } from "./run.ts";

export const zeroSha = "0".repeat(40);

export interface Branch {
  readonly name: string;
  readonly sha: string;
}

/** Every branch, by name. */
export async function listBranches(dir: string): Promise<Branch[]> {
  const text = await gitText(dir, [
    "for-each-ref",
    "--format=%(objectname) %(refname:lstrip=2)",
    "refs/heads/",
  ]);
  return lines(text).map((line) => ({ sha: line.slice(0, 40), name: line.slice(41) }));
}

/** The sha of a branch's tip; undefined where there is no such branch. */
export function branchTip(dir: string, branch: string): Promise<string | undefined> {
  return resolveCommit(dir, `refs/heads/${branch}`);
}

/** The commit that a branch, tag or sha names; undefined where it names none. */
export async function resolveCommit(dir: string, ref: string): Promise<string | undefined> {
  if (ref.startsWith("-")) return undefined;
  const args = ["rev-parse", "--verify", "--quiet", "--end-of-options", `${ref}^{commit}`];
  const { exitCode, stdout } = await runGit(dir, args, { accept: [1, 128] });
  return exitCode === 0 ? stdout.toString("utf8").trim() : undefined;
}

/** The branch that HEAD names, whether or not it has a commit yet. */
export async function defaultBranch(dir: string): Promise<string> {
  return (await gitText(dir, ["symbolic-ref", "--short", "HEAD"])).trim();
}

/** Points a ref at a commit. */
export async function updateRef(dir: string, ref: string, sha: string): Promise<void> {
  await runGit(dir, ["update-ref", ref, sha]);
}

/** The lines of a text that are not empty. */
export function lines(text: string): string[] {
  return text.split("\n").filter((line) => line !== "");
}
