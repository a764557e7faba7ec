import type { FileDiff, FileStatus } from "../model.ts";
import { parsePatch } from "./parse-diff.ts";

/** One entry of GitHub's `GET /repos/{owner}/{repo}/pulls/{number}/files`. */
export interface GitHubFile {
  readonly path: string;
  readonly previousPath?: string | undefined;
  /** `changed` is a change of mode or type. */
  readonly status: FileStatus | "changed" | "unchanged";
  /** Absent for binary files, for pure renames, for empty files, and for what GitHub finds too large to send. */
  readonly patch?: string | undefined;
  readonly additions: number;
  readonly deletions: number;
}

/**
 * Makes a file's diff from GitHub's entry. Where lines were changed but no patch was sent, it is
 * `patchMissing`; where none were changed and nothing else explains the entry, it is `binary`.
 * Throws `DiffError` for a malformed patch.
 */
export function fileDiffFromPatch(file: GitHubFile): FileDiff {
  const hunks = file.patch ? parsePatch(file.patch) : [];
  const unexplained =
    !file.patch && (file.status === "added" || file.status === "removed" || file.status === "modified");
  const linesChanged = file.additions + file.deletions > 0;
  return {
    path: file.path,
    ...(file.previousPath === undefined ? {} : { previousPath: file.previousPath }),
    status: file.status === "changed" || file.status === "unchanged" ? "modified" : file.status,
    binary: unexplained && !linesChanged,
    patchMissing: !file.patch && linesChanged,
    // GitHub's own counts, so that lines which a patch should lack are still known to have changed.
    additions: file.additions,
    deletions: file.deletions,
    hunks,
  };
}
