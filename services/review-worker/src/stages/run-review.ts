import { createRepositoryTools } from "../repository-tools.ts";
import { decideFilter, type EnginePorts, type Review, reviewChange } from "@nectr/review";
import { ignoreReview, completeReview, openReview, saveResult } from "../review-store.ts";
import type { ReviewDeps } from "../worker-deps.ts";
import { reportConfigMistakes } from "./config-report.ts";
import { gather } from "./gather.ts";
import { createModelPort } from "./model-port.ts";
import { post } from "./post.ts";
import type { ReviewContext } from "./review-context.ts";
import { announceReview, concludeReview } from "./status.ts";

/**
 * One review of one head, from the first look to the comment on GitHub. It can die anywhere and begin again: what
 * was decided is saved before it is posted, and nothing is posted or paid for twice.
 */
export async function runReview(deps: ReviewDeps, context: ReviewContext): Promise<void> {
  const start = performance.now();
  const { eventId, pull, claim } = context;
  const stored = await openReview(deps.db, claim.grant, eventId);
  const decided = stored.result ?? (await decide(deps, context, { reviewId: stored.id, start }));
  if (decided === undefined) return;
  const posted = await post(deps, context, stored.id, decided);
  await concludeReview(deps, context, stored.id, posted);
  await claim.record((tx) => completeReview(tx, { ...posted, reviewId: stored.id, eventId }));

  const seconds = (performance.now() - start) / 1_000;
  deps.onReview("posted", seconds);
  const { verdict, findings, cost } = posted.review;
  deps.logger.info(
    { pull: pull.url, verdict, findings: findings.length, seconds: Number(seconds.toFixed(1)), cost },
    "review posted",
  );
}

/** @returns undefined where the repository's settings want no review of this pull request */
async function decide(
  deps: ReviewDeps,
  context: ReviewContext,
  { reviewId, start }: { readonly reviewId: string; readonly start: number },
): Promise<Review | undefined> {
  const { claim, eventId, pull } = context;
  const { change, mistakes } = await gather(deps, context);
  const decision = decideFilter(change.config, pull);
  if (decision.kind === "skip") {
    const status = pull.draft && !change.config.filters.drafts ? "superseded" : "ignored";
    await claim.record((tx) => ignoreReview(tx, { reviewId, eventId, reason: decision.reason, status }));
    deps.logger.info({ pull: pull.url, reason: decision.reason }, "the pull request is not reviewed");
    return undefined;
  }
  const failures = change.config.status ? await announceReview(deps, context, reviewId) : [];
  const changed = change.files.map(({ path }) => path);
  const ports = portsOf(deps, context, { reviewId, start, changed });
  const review = await reviewChange(ports, { ...change, failures: [...change.failures, ...failures] }, deps);
  claim.signal.throwIfAborted();
  // A write, after which nothing breaks the review off any more; and what fails in it is tried again with the rest.
  await reportConfigMistakes(deps, context, mistakes.problems, mistakes.text);
  await claim.record((tx) => saveResult(tx, reviewId, review));
  return review;
}

/** What the engine reads by, through this review's own claim and account. */
function portsOf(
  deps: ReviewDeps,
  context: ReviewContext,
  {
    reviewId,
    start,
    changed,
  }: { readonly reviewId: string; readonly start: number; readonly changed: readonly string[] },
): EnginePorts {
  const { account, ref, repository, pull, claim } = context;
  const { signal } = claim;
  const readTexts: EnginePorts["readTexts"] = (side, paths) =>
    deps.texts.read(account, { ref, repositoryId: repository.id, sha: pull[side].sha, paths });
  const tools = createRepositoryTools(deps, context, changed);
  return {
    readTexts,
    analysers: {
      names: deps.analysers.names,
      explainDependencies: deps.analysers.explainDependencies,
      analyse: (files) => deps.analysers.analyse(files, { signal }),
      outline: (files) => deps.analysers.outline(files, { signal }),
    },
    model: deps.model && createModelPort(deps, deps.model, context, { reviewId, tools }),
    elapsedMs: () => Math.round(performance.now() - start),
  };
}
