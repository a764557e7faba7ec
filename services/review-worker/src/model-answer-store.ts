import type { Db } from "@nectr/db";
import type { ModelResponse, ModelUsage } from "@nectr/model";
import type { AnswerKind, Question, Silence } from "@nectr/review";
import { finishStage, readCheckpoint, type Stage } from "./checkpoint-store.ts";
import { saveSpend } from "./spend-store.ts";

type KeptQuestion = Pick<Question, "instructions" | "prompt">;

/** What came of a question that was paid for, and which question that was. */
type SavedAnswer<Kind extends AnswerKind = AnswerKind> =
  | {
      readonly promptHash: string;
      readonly response: ModelResponse<Kind>;
      /** Where the installation keeps questions. */
      readonly question?: KeptQuestion;
    }
  /** By another name: a version that knows nothing of it asks again. */
  | { readonly unusablePromptHash: string; readonly unusable: Silence };

/** Of which review's stage an answer is. */
interface Asked {
  readonly reviewId: string;
  readonly repositoryId: number;
  readonly stage: Stage;
  readonly promptHash: string;
}

/** What came of the same question in an earlier attempt. */
export async function readAnswer<Kind extends AnswerKind>(
  db: Db,
  { reviewId, stage, promptHash }: Pick<Asked, "reviewId" | "stage" | "promptHash">,
): Promise<{ readonly response: ModelResponse<Kind> } | { readonly unusable: Silence } | undefined> {
  // Written by `saveAnswer` and `saveUnusable`, and by nothing else.
  const saved = (await readCheckpoint(db, reviewId, stage)) as SavedAnswer<Kind> | undefined;
  if (saved === undefined) return undefined;
  const hash = "response" in saved ? saved.promptHash : saved.unusablePromptHash;
  return hash === promptHash ? saved : undefined;
}

/** Saves an answer and what it cost, together, as soon as it is there. */
export async function saveAnswer(
  db: Db,
  {
    response,
    question,
    ...asked
  }: Asked & { readonly response: ModelResponse<AnswerKind>; readonly question?: KeptQuestion },
): Promise<void> {
  const { usage, model } = response;
  await save(db, {
    ...asked,
    model,
    usage,
    answer: { promptHash: asked.promptHash, response, ...(question && { question }) },
  });
}

/** Saves that what the model wrote was no review, and what that cost: it is not asked for it again. */
export async function saveUnusable(
  db: Db,
  paid: Asked & {
    readonly unusable: Silence;
    readonly model: string;
    readonly usage: ModelUsage | undefined;
  },
): Promise<void> {
  const { promptHash, unusable } = paid;
  await save(db, { ...paid, answer: { unusablePromptHash: promptHash, unusable } });
}

async function save(
  db: Db,
  paid: Asked & {
    readonly answer: SavedAnswer;
    readonly model: string;
    readonly usage: ModelUsage | undefined;
  },
): Promise<void> {
  const { usage } = paid;
  await db.transaction().execute(async (tx) => {
    await finishStage(tx, paid.reviewId, paid.stage, paid.answer);
    if (usage !== undefined) await saveSpend(tx, { ...paid, usage });
  });
}
