import { parseDiff, type FileDiff } from "@nectr/review";
import { Trouble } from "../trouble.ts";
import type { Range } from "./find-range.ts";
import type { Git } from "./open-git.ts";

/** The form of diff that GitHub shows, whatever the repository's own settings say. */
const format = [
  "--find-renames",
  "-l1000",
  "--no-ext-diff",
  "--no-textconv",
  "--no-color",
  "--no-relative",
  "--src-prefix=a/",
  "--dst-prefix=b/",
  "--unified=3",
  "--inter-hunk-context=0",
  "--diff-algorithm=myers",
  "--indent-heuristic",
  "--submodule=short",
  // A look into a submodule's working tree would run git there, by that repository's settings.
  "--ignore-submodules=dirty",
];

/** The changed files. @throws Trouble where a merge waits for its conflicts to be resolved */
export async function readDiff(git: Git, { mergeBase, headSha, workingTree }: Range): Promise<FileDiff[]> {
  if (workingTree && (await git.ask("ls-files", "--unmerged")) !== "") {
    throw new Trouble(
      "A merge is under way with conflicts. Resolve them, or review what is committed: --head HEAD",
    );
  }
  const commits = workingTree ? [mergeBase] : [mergeBase, headSha];
  const { stdout } = await git.run(["diff", ...format, ...commits, "--"]);
  return parseDiff(stdout.toString("utf8"));
}

/** Files in the working tree that git does not know yet: they are not reviewed. */
export async function untrackedFiles(git: Git): Promise<string[]> {
  const { stdout } = await git.run(["ls-files", "--others", "--exclude-standard", "-z"]);
  return stdout
    .toString("utf8")
    .split("\0")
    .filter((path) => path !== "");
}
