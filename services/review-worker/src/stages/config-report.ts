import { sha256 } from "@nectr/crypto";
import { GitHubError, isDoubtful, upsertSummaryComment } from "@nectr/github";
import { type ConfigProblem, configMarker, sanitizeInline } from "@nectr/review";
import {
  claimConfigReport,
  type ConfigReport,
  finishConfigReport,
  releaseConfigReport,
} from "../config-report-store.ts";
import type { ReviewDeps } from "../worker-deps.ts";
import type { ReviewContext } from "./review-context.ts";

/** What of a review under way is needed to comment on its pull request. */
export interface ReportContext extends Pick<ReviewContext, "ref" | "repository"> {
  readonly account: Pick<ReviewContext["account"], "client" | "githubId">;
  readonly pull: Pick<ReviewContext["pull"], "number" | "base">;
  readonly claim: Pick<ReviewContext["claim"], "write">;
}

/**
 * Tells the team what is wrong with their `.nectr.yml`, in a comment on the pull request: once for each version of
 * the file, whichever pull request comes first.
 *
 * @param problems none where there is nothing to tell
 * @param text the file as it was read
 * @throws what GitHub answered; the next review tells it then
 */
export async function reportConfigMistakes(
  deps: Pick<ReviewDeps, "db"> & { readonly accounts: Pick<ReviewDeps["accounts"], "github"> },
  { account, ref, repository, pull, claim }: ReportContext,
  problems: readonly ConfigProblem[],
  text: string,
): Promise<void> {
  if (problems.length === 0) return;
  const fileHash = sha256(text);
  const report: ConfigReport = { repositoryId: repository.id, fileHash, number: pull.number };
  if (!(await claimConfigReport(deps.db, report))) return;
  const marker = configMarker(repository.id, fileHash.toString("hex"));
  const url = `${deps.accounts.github.githubUrl.replace(/\/+$/, "")}/${repository.fullName}/blob/${pull.base.sha}/.nectr.yml`;
  try {
    await claim.write(() =>
      upsertSummaryComment(account.client, ref, pull.number, {
        marker,
        viewerId: account.githubId,
        body: `${marker}\n${describeMistakes(problems, url)}`,
        doubtful: false,
      }),
    );
  } catch (error) {
    // Where the comment may be there, only a review of this pull request can find it: the others wait for that.
    if (error instanceof GitHubError && !isDoubtful(error)) await releaseConfigReport(deps.db, report);
    throw error;
  }
  await finishConfigReport(deps.db, report);
}

/**
 * What the comment says, in Markdown.
 * @param url of the file as it was read.
 */
export function describeMistakes(problems: readonly ConfigProblem[], url: string): string {
  const mistakes = problems.length === 1 ? "a mistake" : `${problems.length} mistakes`;
  return [
    `**\`.nectr.yml\` is not used: it has ${mistakes}.** Until ${problems.length === 1 ? "it is" : "they are"} repaired, reviews here go by the defaults.`,
    problems
      .map(
        ({ line, column, message }) =>
          `- [Line ${line}, column ${column}](${url}#L${line}): ${sanitizeInline(message)}`,
      )
      .join("\n"),
    "The file is read from the branch that a pull request is merged into. This comment comes once for each version of it.",
  ].join("\n\n");
}
