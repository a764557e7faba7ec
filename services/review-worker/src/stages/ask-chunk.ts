import { setTimeout as delay } from "node:timers/promises";
import { sha256 } from "@nectr/crypto";
import { getFileContent } from "@nectr/github";
import { ModelError, type ModelResponse, type RepositoryTools, type ReviewModel } from "@nectr/model";
import { cleanAnswer, type Prompt } from "@nectr/review";
import { beginStage } from "../checkpoint-store.ts";
import { readAnswer, saveAnswer, saveUnusable } from "../model-answer-store.ts";
import { readOutage, saveOutage } from "../model-outage-store.ts";
import { readSpent, saveSpend } from "../spend-store.ts";
import type { ReviewDeps } from "../worker-deps.ts";
import { type Budgets, decideSpend, estimateUsd } from "./budget.ts";
import { ModelAway, noOutage, waitOut } from "./model-away.ts";
import type { ReviewContext } from "./review-context.ts";
import { adviseOperator, explainSilence, type Silence } from "./silence.ts";

/** One chunk's question, and of which review it is. */
export interface ChunkQuestion {
  readonly reviewId: string;
  /** From 1. */
  readonly number: number;
  readonly prompt: Omit<Prompt, "untold">;
  /** The model was given up meanwhile: an answer from before is all there can be. */
  readonly givenUp: Silence | undefined;
}

export type ChunkAnswer =
  | { readonly response: ModelResponse }
  /** `unreached`: since the model is away. */
  | { readonly silence: Silence; readonly unreached: boolean };

type Stage = `model:${number}`;

/**
 * Asks the model about one chunk, unless it was answered before, or costs more than is left.
 * @throws ModelAway where the review should wait for the model; whatever the claim was lost by
 */
export async function askChunk(
  deps: ReviewDeps,
  model: ReviewModel,
  context: ReviewContext,
  question: ChunkQuestion,
): Promise<ChunkAnswer> {
  const { reviewId, number, prompt, givenUp } = question;
  const stage: Stage = `model:${number}`;
  const promptHash = sha256(JSON.stringify(prompt)).toString("hex");
  const saved = await readAnswer(deps.db, { reviewId, stage, promptHash });
  if (saved !== undefined) {
    return "response" in saved ? { response: saved.response } : { silence: saved.unusable, unreached: false };
  }
  if (givenUp !== undefined) return { silence: givenUp, unreached: true };
  const leave = await askLeave(deps, model, context, prompt);
  if ("refusal" in leave) {
    deps.onModelCall("over-budget", undefined);
    return { silence: leave.refusal, unreached: false };
  }

  await beginStage(deps.db, reviewId, stage);
  const { claim, repository } = context;
  const begunAt = performance.now();
  const asked = await model
    .review({
      ...prompt,
      tools: repositoryTools(context),
      signal: claim.signal,
      ...(leave.allowedUsd !== undefined && { maxCostUsd: leave.allowedUsd }),
    })
    .catch((error: unknown) => {
      if (error instanceof ModelError) return error;
      throw error;
    });
  if (asked instanceof ModelError) {
    const tookMs = Math.round(performance.now() - begunAt);
    return await afterFailure(deps, context, { reviewId, stage, promptHash, model, error: asked, tookMs });
  }
  deps.onModelCall("answered", asked.usage);
  // What a model says is a stranger's text: PostgreSQL would refuse a NUL in it, after it was paid for.
  const response = { ...asked, answer: cleanAnswer(asked.answer) };
  await saveForSure(deps, { reviewId, repositoryId: repository.id, stage, promptHash, response });
  return { response };
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

/** Whether the budgets allow the call. Two reviews that ask at the same time may both be told that they do. */
async function askLeave(
  { db, budgets }: ReviewDeps,
  { price }: ReviewModel,
  { claim }: ReviewContext,
  prompt: ChunkQuestion["prompt"],
): Promise<ReturnType<typeof decideSpend> | { readonly allowedUsd: undefined }> {
  if (price === undefined || isUnbounded(budgets)) return { allowedUsd: undefined };
  return decideSpend(budgets, await readSpent(db, claim.grant, price), estimateUsd(price, prompt));
}

function isUnbounded(budgets: Budgets): boolean {
  return Object.values(budgets).every((usd) => usd === undefined);
}

interface FailedCall {
  readonly reviewId: string;
  readonly stage: Stage;
  readonly promptHash: string;
  readonly model: ReviewModel;
  readonly error: ModelError;
  readonly tookMs: number;
}

async function afterFailure(
  deps: ReviewDeps,
  { claim, repository, eventId }: ReviewContext,
  { reviewId, stage, promptHash, model, error, tookMs }: FailedCall,
): Promise<ChunkAnswer> {
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
  if (kind === "rejected") {
    deps.logger.error(
      { err: error, reviewId, stage, advice: adviseOperator(error) },
      "the model's provider refuses",
    );
    return { silence: explainSilence(error, noOutage), unreached: false };
  }
  if (kind === "aborted") throw error;
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

/** The model may read the pull request's own repository at the head under review, and nothing else. */
function repositoryTools({ account, ref, pull }: ReviewContext): RepositoryTools {
  return { readFile: (path) => getFileContent(account.client, ref, path, pull.head.sha) };
}
