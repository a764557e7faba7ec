import { listPullRequestFiles, maxListedFiles, type PullRequestFile } from "@nectr/github";
import {
  type Change,
  type ConfigProblem,
  describeConfigProblems,
  DiffError,
  type FileDiff,
  fileDiffFromPatch,
  guidanceFor,
  guidanceLeftOut,
  instructionPaths,
  parseRepositoryConfig,
} from "@nectr/review";
import { readLedger } from "../finding-store.ts";
import type { ReviewDeps } from "../worker-deps.ts";
import type { ReviewContext } from "./review-context.ts";

/** The repository's own settings, from the base branch. */
const configPath = ".nectr.yml";

/** What is reviewed, and what is wrong with the repository's settings. */
export interface Material {
  readonly change: Change;
  readonly mistakes: { readonly text: string; readonly problems: readonly ConfigProblem[] };
}

/** Reads the pull request's files, and from its base, so that no pull request configures its own review, what the team wants. */
export async function gather(deps: ReviewDeps, context: ReviewContext): Promise<Material> {
  const { account, ref, pull, claim, repository } = context;
  const readBase = (paths: readonly string[]) =>
    deps.texts.read(account, { ref, repositoryId: repository.id, sha: pull.base.sha, paths });
  const [listed, settings, earlier] = await Promise.all([
    listPullRequestFiles(account.client, ref, pull.number),
    readBase([configPath]),
    readLedger(deps.db, claim.grant),
  ]);
  const text = settings.get(configPath);
  const { config, problems } = parseRepositoryConfig(text);
  const { files, unreadable } = readPatches(listed);
  const instructionFiles = instructionPaths(config, files);
  const instructions = instructionFiles.length === 0 ? new Map() : await readBase(instructionFiles);
  const { repositoryId, number, headSha, generation } = claim.grant;
  return {
    change: {
      key: { repositoryId, number, headSha, generation },
      pullRequest: {
        title: pull.title,
        body: pull.body,
        author: pull.author.login,
        baseRef: pull.base.ref,
        headRef: pull.head.ref,
      },
      files,
      filesChanged: pull.changedFiles,
      config,
      guidance: guidanceFor(config, files, instructions),
      failures: [
        ...describeConfigProblems(problems),
        ...guidanceLeftOut(config, files, instructions),
        ...unlisted(pull.changedFiles),
        ...unreadable,
      ],
      earlier,
    },
    mistakes: { text: text ?? "", problems },
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
