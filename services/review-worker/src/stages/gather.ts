import { getFileContent, listPullRequestFiles, maxListedFiles, type PullRequestFile } from "@nectr/github";
import {
  DiffError,
  type FileDiff,
  fileDiffFromPatch,
  parseRepositoryConfig,
  type RepositoryConfig,
  selectFiles,
  type SkippedFile,
} from "@nectr/review";
import type { ReviewContext } from "./review-context.ts";

/** What a review works on. All of it comes from the pull request and is not trusted. */
export interface Material {
  readonly files: readonly FileDiff[];
  readonly selected: readonly FileDiff[];
  readonly skipped: readonly SkippedFile[];
  readonly config: RepositoryConfig;
  /** What could not be had, in words for the reader of the review. */
  readonly failures: readonly string[];
}

/** Fetches the pull request's files, and the configuration from its base. */
export async function gather({ account: { client }, ref, pull }: ReviewContext): Promise<Material> {
  const [listed, configText] = await Promise.all([
    listPullRequestFiles(client, ref, pull.number),
    // From the base, so that a pull request can't configure its own review.
    getFileContent(client, ref, ".nectr.yml", pull.base.sha),
  ]);
  const { config, problems } = parseRepositoryConfig(configText);
  const { files, unreadable } = readPatches(listed);
  const { selected, skipped } = selectFiles(files, config);
  return {
    files,
    selected,
    skipped,
    config,
    failures: [...problems, ...unlisted(pull.changedFiles), ...unreadable],
  };
}

/** A patch that can't be parsed costs its own file, not the review. */
function readPatches(listed: readonly PullRequestFile[]): { files: FileDiff[]; unreadable: string[] } {
  const unreadable: string[] = [];
  const files = listed.map((file) => {
    try {
      return fileDiffFromPatch(file);
    } catch (error) {
      if (!(error instanceof DiffError)) throw error;
      unreadable.push(`${file.path}: GitHub's patch could not be read: ${error.message}`);
      return fileDiffFromPatch({ ...file, patch: undefined });
    }
  });
  return { files, unreadable };
}

function unlisted(changedFiles: number): string[] {
  if (changedFiles <= maxListedFiles) return [];
  return [`GitHub lists ${maxListedFiles} of the ${changedFiles} changed files; the others were not read`];
}
