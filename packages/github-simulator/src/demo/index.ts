import { runGit, runGitAnywhere } from "../git/run.ts";
import { type DemoPullRequest, mainSteps, people, pullRequests, type Step } from "./history.ts";
import { shopFiles } from "./shop-files.ts";

/**
 * Makes a bare git repository at `path`: a small shop with a history on `main`, and one branch for each of the
 * returned pull requests. All but one of those carry defects. Names, dates and contents are fixed, so the
 * shas are the same on every machine.
 *
 * @throws GitError where git fails, or where `path` holds something already
 */
export async function createDemoRepository(path: string): Promise<{ pullRequests: DemoPullRequest[] }> {
  await runGitAnywhere([
    `--git-dir=${path}`,
    "init",
    "--quiet",
    "--bare",
    "--template=",
    "--object-format=sha1",
    "--initial-branch=main",
  ]);
  await runGit(path, ["fast-import", "--quiet"], { input: await importStream() });
  return { pullRequests: pullRequests.map(({ pullRequest }) => pullRequest) };
}

/** The whole history in git's own import format (https://git-scm.com/docs/git-fast-import). */
async function importStream(): Promise<string> {
  const commits = [
    ...mainSteps.map((step) => commit("main", step)),
    ...pullRequests.map(({ step, pullRequest }) => commit(pullRequest.head, step, pullRequest.base)),
  ];
  return `${(await Promise.all(commits)).join("")}done\n`;
}

/** A commit on top of its branch, or the first one of a new branch that begins at `from`. */
async function commit(branch: string, step: Step, from?: string): Promise<string> {
  const { name, email } = people[step.author];
  const who = `${name} <${email}> ${rawDate(step.date)}`;
  const files = await shopFiles(step.folder);
  return [
    `commit refs/heads/${branch}`,
    `author ${who}`,
    `committer ${who}`,
    data(`${step.message}\n`),
    ...(from === undefined ? [] : [`from refs/heads/${from}`]),
    ...files.map((file) => `M 100644 inline ${file.path}\n${data(file.content)}`),
    "",
  ].join("\n");
}

function data(text: string): string {
  return `data ${Buffer.byteLength(text)}\n${text}`;
}

/** `2026-03-02T09:12:40+01:00` -> `1772439160 +0100`, the only form that fast-import takes by default. */
function rawDate(date: string): string {
  return `${Date.parse(date) / 1000} ${date.slice(-6).replace(":", "")}`;
}
