import { diffOfPull } from "../diff/pull-diff.ts";
import { mergeBase } from "../git/history.ts";
import { runGit } from "../git/run.ts";
import { GitHubProblem } from "../problem.ts";
import type { PullRequestRecord } from "../state/model.ts";
import { type Answer, type Call, type Target, rawDiff } from "./call.ts";

const mostDiffFiles = 300;
const mostDiffLines = 20_000;

/** The diff as git prints it. Throws 406 where GitHub refuses to make it, for its size. */
export async function diffAnswer(call: Pick<Call, "world">, issue: PullRequestRecord): Promise<Answer> {
  const diff = await diffOfPull(call.world, issue);
  const lines = diff.text.split("\n").length - 1;
  if (diff.files.length > mostDiffFiles) throw tooLarge("files", mostDiffFiles);
  if (lines > mostDiffLines) throw tooLarge("lines", mostDiffLines);
  return rawDiff(diff);
}

function tooLarge(what: string, most: number): GitHubProblem {
  return new GitHubProblem(
    406,
    `Sorry, the diff exceeded the maximum number of ${what} (${most}). ` +
      "Consider using 'List pull requests files' API or locally cloning the repository instead.",
    [{ resource: "PullRequest", field: "diff", code: "too_large" }],
  );
}

/** The commits as mails, with their messages and diffs. */
export async function patchAnswer(issue: PullRequestRecord, target: Target): Promise<Answer> {
  const { headSha, baseSha } = issue.pull;
  const base = (await mergeBase(target.dir, baseSha, headSha)) ?? baseSha;
  const { stdout } = await runGit(target.dir, ["format-patch", "--stdout", `${base}..${headSha}`]);
  return { status: 200, raw: { type: "application/vnd.github.v3.patch; charset=utf-8", data: stdout } };
}
