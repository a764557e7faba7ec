import type { Db } from "@nectr/db";
import type { ModelResponse } from "@nectr/model";
import { finishStage, readCheckpoint, type Stage } from "./checkpoint-store.ts";

/** An answer, and which question it answers. */
interface SavedAnswer {
  readonly promptHash: string;
  readonly response: ModelResponse;
}

/** An answer that was paid for: by which review, at which of its stages. */
export interface PaidAnswer extends SavedAnswer {
  readonly reviewId: string;
  readonly repositoryId: number;
  readonly stage: Stage;
}

/** The answer of an earlier attempt. It is of use only where its question is the same. */
export async function readAnswer(db: Db, reviewId: string, stage: Stage): Promise<SavedAnswer | undefined> {
  // Written by `saveAnswer`, and by nothing else.
  return (await readCheckpoint(db, reviewId, stage)) as SavedAnswer | undefined;
}

/** Saves an answer and what it cost, together, as soon as it is there. */
export async function saveAnswer(
  db: Db,
  { reviewId, repositoryId, stage, promptHash, response }: PaidAnswer,
): Promise<void> {
  const { usage, model } = response;
  await db.transaction().execute(async (tx) => {
    await finishStage(tx, reviewId, stage, { promptHash, response } satisfies SavedAnswer);
    await tx
      .insertInto("model_usage")
      .values({
        review_id: reviewId,
        repository_id: repositoryId,
        model,
        input_tokens: usage.inputTokens,
        cached_input_tokens: usage.cachedInputTokens,
        output_tokens: usage.outputTokens,
        cost_usd: usage.costUsd ?? null,
      })
      .execute();
  });
}
