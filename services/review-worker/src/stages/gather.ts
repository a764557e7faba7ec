import { getFileContent, listPullRequestFiles, maxListedFiles, type PullRequestFile } from "@nectr/github";
import {
  addedLines,
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
  /** Full texts at the head, of the selected files. */
  readonly contents: ReadonlyMap<string, string>;
  readonly config: RepositoryConfig;
  /** What could not be had, in words for the reader of the review. */
  readonly failures: readonly string[];
}

/** Texts fetched at most; beyond, the analysers would take longer than a person waits. */
const mostContents = 150;
/** Requests at once, well below GitHub's 100 for all of a user's programs. */
const requestsAtOnce = 6;

/** Fetches the pull request's files, their texts, and the configuration from its base. */
export async function gather({ account: { client }, ref, pull, claim }: ReviewContext): Promise<Material> {
  const [listed, configText] = await Promise.all([
    listPullRequestFiles(client, ref, pull.number),
    // From the base, so that a pull request can't configure its own review.
    getFileContent(client, ref, ".nectr.yml", pull.base.sha),
  ]);
  const { config, problems } = parseRepositoryConfig(configText);
  const { files, unreadable } = readPatches(listed);
  const { selected, skipped } = selectFiles(files, config);
  const wanted = selected.filter((file) => addedLines(file).size > 0).slice(0, mostContents);
  const { contents, failures } = await fetchContents(wanted, claim.signal, (path) =>
    getFileContent(client, ref, path, pull.head.sha),
  );
  return {
    files,
    selected,
    skipped,
    contents,
    config,
    failures: [...problems, ...unlisted(pull.changedFiles), ...unreadable, ...failures],
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

async function fetchContents(
  files: readonly FileDiff[],
  signal: AbortSignal,
  fetchText: (path: string) => Promise<string | undefined>,
): Promise<{ contents: Map<string, string>; failures: string[] }> {
  const contents = new Map<string, string>();
  const failures: string[] = [];
  const waiting = [...files];
  const worker = async (): Promise<void> => {
    for (let file = waiting.shift(); file !== undefined; file = waiting.shift()) {
      signal.throwIfAborted();
      const text = await fetchText(file.path);
      if (text === undefined) {
        failures.push(`${file.path}: its full text could not be read, so the analysers did not see it`);
      } else contents.set(file.path, text);
    }
  };
  await Promise.all(Array.from({ length: requestsAtOnce }, worker));
  return { contents, failures };
}

function unlisted(changedFiles: number): string[] {
  if (changedFiles <= maxListedFiles) return [];
  return [`GitHub lists ${maxListedFiles} of the ${changedFiles} changed files; the others were not read`];
}
