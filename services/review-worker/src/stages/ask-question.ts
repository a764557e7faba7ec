import { setTimeout as delay } from "node:timers/promises";
import { sha256 } from "@nectr/crypto";
import { ModelError, type ModelResponse, type RepositoryTools, type ReviewModel } from "@nectr/model";
import { type AnswerKind, cleanStrings, type Question, type Silence } from "@nectr/review";
import { GitHubRateLimited, GitHubUnauthorized } from "@nectr/github";
import { beginStage, type Stage } from "../checkpoint-store.ts";
import { ClaimLost } from "../claim.ts";
import { readAnswer, saveAnswer, saveUnusable } from "../model-answer-store.ts";
import { readOutage, saveOutage } from "../model-outage-store.ts";
import { readSpent, saveSpend } from "../spend-store.ts";
import type { ReviewDeps } from "../worker-deps.ts";
import { type Budgets, decideSpend, estimateUsd } from "./budget.ts";
import { ModelAway, noOutage, waitOut } from "./model-away.ts";
import type { ReviewContext } from "./review-context.ts";
import type { UnderWay } from "./under-way.ts";
import { adviseOperator, explainSilence } from "./silence.ts";

/** A question of a review, and what else is known when it is asked. */
export interface Asking<Kind extends AnswerKind> {
  readonly reviewId: string;
  readonly question: Question<Kind>;
  readonly tools: RepositoryTools;
  /** The model was given up meanwhile: an answer from before is all there can be. */
  readonly givenUp: Silence | undefined;
  /** Shared by the questions of one attempt, as what follows. */
  readonly underWay: UnderWay;
  /** Several that fail at a time are one outage. */
  readonly outage: { decision?: Promise<Silenced> };
}

export type Outcome<Kind extends AnswerKind> =
  | { readonly response: ModelResponse<Kind> }
  /** `unreached`: since the model is away. */
  | { readonly silence: Silence; readonly unreached: boolean };

/**
 * Asks the model, unless the question was answered before, or costs more than is left.
 * @throws ModelAway where the review should wait for the model; whatever the claim was lost by
 */
export async function askQuestion<Kind extends AnswerKind>(
  deps: ReviewDeps,
  model: ReviewModel,
  context: ReviewContext,
  asking: Asking<Kind>,
): Promise<Outcome<Kind>> {
  const { reviewId, question, givenUp } = asking;
  const stage: Stage = `model:${question.name}`;
  const promptHash = hashOf(question);
  const saved = await readAnswer<Kind>(deps.db, { reviewId, stage, promptHash });
  if (saved !== undefined) {
    return "response" in saved ? { response: saved.response } : { silence: saved.unusable, unreached: false };
  }
  if (givenUp !== undefined) return { silence: givenUp, unreached: true };
  const leave = await asking.underWay.inTurn(() => takeLeave(deps, model, context, asking));
  if ("refusal" in leave) {
    deps.onModelCall("over-budget", undefined);
    return { silence: leave.refusal, unreached: false };
  }

  try {
    await beginStage(deps.db, reviewId, stage);
    return await askNow(deps, model, context, { ...asking, stage, promptHash, allowedUsd: leave.allowedUsd });
  } finally {
    // Once what it cost is saved, for whoever decides next reads that.
    leave.ended();
  }
}

interface Asked<Kind extends AnswerKind> extends Asking<Kind> {
  readonly stage: Stage;
  readonly promptHash: string;
  readonly allowedUsd: number | undefined;
}

async function askNow<Kind extends AnswerKind>(
  deps: ReviewDeps,
  model: ReviewModel,
  context: ReviewContext,
  asking: Asked<Kind>,
): Promise<Outcome<Kind>> {
  const { claim, repository } = context;
  const { reviewId, question, stage, promptHash, allowedUsd } = asking;
  const { kind, instructions, prompt } = question;
  const begunAt = performance.now();
  const asked = await model
    .ask({
      kind,
      instructions,
      prompt,
      ...(question.sharedCharacters && { sharedCharacters: question.sharedCharacters }),
      interrupts: isOurAffair,
      signal: claim.signal,
      ...(question.tools && { tools: asking.tools }),
      ...(allowedUsd !== undefined && { maxCostUsd: allowedUsd }),
    })
    .catch((error: unknown) => {
      if (error instanceof ModelError) return error;
      throw error;
    });
  asking.underWay.note(asked.usage?.costUsd);
  if (asked instanceof ModelError) {
    const tookMs = Math.round(performance.now() - begunAt);
    return await afterFailure(deps, context, { ...asking, model, error: asked, tookMs });
  }
  deps.onModelCall("answered", asked.usage);
  // What a model says is a stranger's text: PostgreSQL would refuse a NUL in it, after it was paid for.
  const response = cleanStrings(asked);
  const kept = deps.keepQuestions ? { question: { instructions, prompt } } : {};
  await saveForSure(deps, { reviewId, repositoryId: repository.id, stage, promptHash, response, ...kept });
  return { response };
}

/** What becomes of the review when a tool meets it is not for the model to decide. */
function isOurAffair(error: unknown): boolean {
  return (
    error instanceof GitHubRateLimited || error instanceof GitHubUnauthorized || error instanceof ClaimLost
  );
}

function hashOf({ kind, instructions, prompt, subject }: Question): string {
  return sha256(JSON.stringify([kind, subject ?? [instructions, prompt]])).toString("hex");
}

/** For how long a database that is away may keep an answer from being saved. */
const savingLimitMs = 60_000;

/**
 * Saves an answer, and tries again where that fails: it is paid for, and whether this review goes on or another does, it
 * must not be paid for again.
 */
async function saveForSure(
  { db, logger }: Pick<ReviewDeps, "db" | "logger">,
  answer: Parameters<typeof saveAnswer>[1],
): Promise<void> {
  const deadline = performance.now() + savingLimitMs;
  for (let first = true; ; first = false) {
    try {
      // What was committed though the word of it got lost is not counted twice.
      if (first || (await readAnswer(db, answer)) === undefined) await saveAnswer(db, answer);
      return;
    } catch (error) {
      if (performance.now() > deadline) throw error;
      const { reviewId, stage } = answer;
      logger.warn(
        { err: error, reviewId, stage },
        "the model's answer could not be saved; it is tried again",
      );
      await delay(1_000);
    }
  }
}

type Leave =
  | { readonly refusal: Silence }
  | { readonly allowedUsd: number | undefined; readonly ended: () => void };

/** Whether the budgets allow the call. Two reviews that ask at the same time may both be told that they do. */
async function takeLeave(
  { db, budgets }: ReviewDeps,
  { price }: ReviewModel,
  { claim }: ReviewContext,
  { question, underWay }: Pick<Asking<AnswerKind>, "question" | "underWay">,
): Promise<Leave> {
  if (price === undefined || isUnbounded(budgets)) return { allowedUsd: undefined, ended: () => {} };
  const estimate = estimateUsd(price, question);
  for (;;) {
    const spent = await readSpent(db, claim.grant, price);
    const reservedUsd = underWay.usd();
    const decision = decideSpend(budgets, spent, reservedUsd + estimate);
    if ("allowedUsd" in decision) {
      return { allowedUsd: decision.allowedUsd - reservedUsd, ended: underWay.begin(estimate) };
    }
    if (reservedUsd === 0) return decision;
    // What is under way may cost less than was expected of it.
    await underWay.untilOneEnds();
  }
}

function isUnbounded(budgets: Budgets): boolean {
  return Object.values(budgets).every((usd) => usd === undefined);
}

type Silenced = Extract<Outcome<AnswerKind>, { silence: Silence }>;

interface FailedCall extends Pick<Asking<AnswerKind>, "reviewId" | "outage"> {
  readonly stage: Stage;
  readonly promptHash: string;
  readonly model: ReviewModel;
  readonly error: ModelError;
  readonly tookMs: number;
}

async function afterFailure(deps: ReviewDeps, context: ReviewContext, failed: FailedCall): Promise<Silenced> {
  const { claim, repository } = context;
  const { reviewId, stage, promptHash, model, error } = failed;
  const { kind, usage } = error;
  deps.onModelCall(kind, usage);
  const spend = { reviewId, repositoryId: repository.id, model: model.name };
  const paid = usage !== undefined && usage.inputTokens + usage.outputTokens > 0;
  if (kind === "unusable-answer") {
    const silence = explainSilence(error, noOutage);
    deps.logger.warn({ err: error, reviewId, stage }, "the model's answer cannot be used");
    await saveUnusable(deps.db, { stage, promptHash, unusable: silence, ...spend, usage });
    return { silence, unreached: false };
  }
  if (paid) await saveSpend(deps.db, { ...spend, usage });
  claim.signal.throwIfAborted();
  // What a tool met is no failure of the model's: whoever has the job knows what to do about it.
  if (kind === "interrupted") throw error.cause;
  if (kind === "rejected") {
    deps.logger.error(
      { err: error, reviewId, stage, advice: adviseOperator(error) },
      "the model's provider refuses",
    );
    return { silence: explainSilence(error, noOutage), unreached: false };
  }
  if (kind === "aborted") throw error;
  failed.outage.decision ??= decideOutage(deps, context, failed);
  return await failed.outage.decision;
}

/** The model is away: the review waits, or goes on without it. */
async function decideOutage(
  deps: ReviewDeps,
  { eventId }: ReviewContext,
  { reviewId, stage, error, tookMs }: FailedCall,
): Promise<Silenced> {
  const waiting = { reviewId, eventId };
  const { outage, delayMs } = waitOut(await readOutage(deps.db, waiting), {
    tookMs,
    retryAfterMs: error.retryAfterMs,
  });
  await saveOutage(deps.db, waiting, outage);
  deps.logger.warn({ err: error, reviewId, stage, ...outage, delayMs }, "the model does not answer");
  if (delayMs !== undefined) throw new ModelAway(delayMs);
  return { silence: explainSilence(error, outage), unreached: true };
}
