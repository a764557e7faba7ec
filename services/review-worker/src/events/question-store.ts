import type { Db } from "@nectr/db";
import type { ModelResponse } from "@nectr/model";
import { sql } from "kysely";

/** What a model was asked about a part of a pull request, and what it answered; `eval -- replay` reads it. */
export interface KeptQuestion {
  /** `owner/name#12 at 1a2b3c4`. */
  readonly review: string;
  readonly name: string;
  readonly instructions: string;
  readonly prompt: string;
  readonly model: string;
  readonly answer: ModelResponse["answer"];
  readonly cost: { readonly inputTokens: number; readonly outputTokens: number; readonly costUsd?: number };
}

interface SavedQuestion {
  readonly question: { readonly instructions: string; readonly prompt: string };
  readonly response: ModelResponse;
}

/** The newest questions that were kept. */
export async function readQuestions(db: Db, limit: number): Promise<KeptQuestion[]> {
  const rows = await db
    .selectFrom("workflow_runs")
    .innerJoin("reviews", "reviews.id", "workflow_runs.review_id")
    .innerJoin("repositories", "repositories.id", "reviews.repository_id")
    .select(["stage", "output", "number", "head_sha", "full_name"])
    .where("stage", "like", "model:chunk-%")
    .where("workflow_runs.state", "=", "done")
    .where(sql<boolean>`output ? 'question'`)
    .orderBy("workflow_runs.finished_at", "desc")
    .limit(limit)
    .execute();
  return rows.map(({ stage, output, number, head_sha: headSha, full_name: fullName }) => {
    // Written by `saveAnswer`, and by nothing else.
    const { question, response } = output as unknown as SavedQuestion;
    const { inputTokens, outputTokens, costUsd } = response.usage;
    return {
      review: `${fullName}#${number} at ${headSha.slice(0, 7)}`,
      name: stage.slice("model:".length),
      ...question,
      model: response.model,
      answer: response.answer,
      cost: { inputTokens, outputTokens, ...(costUsd !== undefined && { costUsd }) },
    };
  });
}
