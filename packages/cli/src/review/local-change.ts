import {
  type Change,
  cleanStrings,
  type EnginePorts,
  type FileDiff,
  guidanceFor,
  guidanceLeftOut,
  instructionPaths,
  parseRepositoryConfig,
} from "@nectr/review";
import type { Range } from "../git/find-range.ts";
import type { Place } from "../git/look-around.ts";
import type { Git } from "../git/open-git.ts";
import { readDiff, untrackedFiles } from "../git/read-diff.ts";
import { readCommitted, readWorkingTree } from "../git/read-texts.ts";
import { treeOfCommit, treeOfIndex } from "../git/tree.ts";
import { mistakesIn } from "./settings.ts";

/** A branch as the engine takes it. */
export interface LocalChange {
  readonly change: Change;
  readonly readTexts: EnginePorts["readTexts"];
  /** Where the model may look around. */
  readonly place: Place;
  readonly untracked: readonly string[];
  /** What is wrong with the base's `.nectr.yml`. */
  readonly settings: readonly string[];
}

/** Reads a branch. @param configText in place of the base's `.nectr.yml` */
export async function readLocalChange(
  git: Git,
  range: Range,
  configText: string | undefined,
): Promise<LocalChange> {
  const files = await readDiff(git, range);
  const { headSha, workingTree } = range;
  const headTree = workingTree ? await treeOfIndex(git) : await treeOfCommit(git, headSha);
  const baseTree = await treeOfCommit(git, range.mergeBase);
  const readTexts: EnginePorts["readTexts"] = (side, paths) => {
    if (side === "base") return readCommitted(git, baseTree, paths);
    return workingTree ? readWorkingTree(git, headTree, paths) : readCommitted(git, headTree, paths);
  };
  const { change, settings } = await changeOf(git, range, files, configText);
  return {
    change,
    settings,
    readTexts,
    place: { git, tree: headTree, headSha, workingTree },
    untracked: workingTree ? await untrackedFiles(git) : [],
  };
}

async function changeOf(
  git: Git,
  range: Range,
  files: readonly FileDiff[],
  configText: string | undefined,
): Promise<Pick<LocalChange, "change" | "settings">> {
  // As in a pull request, settings and instructions are those of the base branch as it is now.
  const tree = await treeOfCommit(git, range.baseSha);
  const readBase = (paths: readonly string[]) => readCommitted(git, tree, paths);
  const { config, problems } = parseRepositoryConfig(
    configText ?? (await readBase([".nectr.yml"])).get(".nectr.yml"),
  );
  const instructions = await readBase(instructionPaths(config, files));
  // Clean as the engine makes all text: so they are known again among the failures.
  const settings = cleanStrings(
    problems.length === 0
      ? []
      : [
          `.nectr.yml of ${range.baseRef} is not used, the defaults are.`,
          ...mistakesIn(".nectr.yml", problems),
        ],
  );
  const subjects = await commitSubjects(git, range);
  const change: Change = {
    // No repository of GitHub's has these numbers.
    key: { repositoryId: 0, number: 0, headSha: range.headSha, generation: 0 },
    pullRequest: {
      title: subjects.length === 1 ? (subjects[0] ?? "") : range.headRef,
      body: subjects.map((subject) => `- ${subject}`).join("\n"),
      author: (await git.ask("log", "-1", "--no-show-signature", "--format=%an", range.headSha)) ?? "",
      baseRef: range.baseRef,
      headRef: range.headRef,
    },
    files,
    filesChanged: files.length,
    config,
    guidance: guidanceFor(config, files, instructions),
    failures: [...settings, ...guidanceLeftOut(config, files, instructions)],
    earlier: [],
  };
  return { change, settings };
}

/** Commits named at most: what a person would read of a long branch. */
const mostCommits = 50;

async function commitSubjects(git: Git, { mergeBase, headSha }: Range): Promise<string[]> {
  const options = ["--no-show-signature", `--max-count=${mostCommits}`, "--format=%s"];
  const subjects = await git.ask("log", ...options, `${mergeBase}..${headSha}`);
  return (subjects ?? "").split("\n").filter((subject) => subject !== "");
}
