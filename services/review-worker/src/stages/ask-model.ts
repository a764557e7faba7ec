import { sha256 } from "@nectr/crypto";
import { getFileContent } from "@nectr/github";
import { ModelError, type ModelResponse, type RepositoryTools, type ReviewModel } from "@nectr/model";
import {
  buildPrompt,
  type Chunk,
  type ChunkPlan,
  cleanAnswer,
  type EarlierFinding,
  planChunks,
  type Prompt,
} from "@nectr/review";
import { beginStage } from "../checkpoint-store.ts";
import { readAnswer, saveAnswer } from "../model-answer-store.ts";
import type { ReviewDeps } from "../worker-deps.ts";
import type { Material } from "./gather.ts";
import type { ReviewContext } from "./review-context.ts";

/** What the model said, or why it said nothing. */
export type Reading =
  | {
      readonly model: string;
      readonly responses: readonly ModelResponse[];
      readonly plan: ChunkPlan;
      /** Chunks without an answer, with the reason. */
      readonly unanswered: readonly { readonly chunk: Chunk; readonly reason: string }[];
      /** Fingerprints of earlier findings that were not shown with each chunk of their file. */
      readonly untold: ReadonlySet<string>;
    }
  | { readonly model: undefined; readonly absence: string };

/** What there is to read, and for which review. */
export interface ReadingTask {
  readonly reviewId: string;
  readonly material: Material;
  readonly earlier: readonly EarlierFinding[];
}

/** Tokens of diff in one call, and calls for one review: what a person would wait and pay for. */
const chunkTokens = 24_000;
const mostChunks = 8;

/** Has the model read the diff, chunk by chunk. An answer that was paid for in an earlier attempt is not asked again. */
export async function askModel(
  deps: ReviewDeps,
  context: ReviewContext,
  task: ReadingTask,
): Promise<Reading> {
  const { model } = deps;
  if (model === undefined) return { model, absence: "no model is configured" };
  const plan = planChunks(task.material.selected, { maxTokens: chunkTokens, maxChunks: mostChunks });
  const responses: ModelResponse[] = [];
  const unanswered: { chunk: Chunk; reason: string }[] = [];
  const untold = new Set<string>();
  for (const [index, chunk] of plan.chunks.entries()) {
    const request = { ...task, chunk, number: index + 1, count: plan.chunks.length };
    const { untold: ofChunk, ...prompt } = promptFor(context, request);
    for (const { fingerprint } of ofChunk) untold.add(fingerprint);
    try {
      responses.push(await askOnce(deps, model, context, { ...request, prompt }));
    } catch (error) {
      context.claim.signal.throwIfAborted();
      // Without the model the review is poorer, and says so; that is better than none.
      if (!(error instanceof ModelError)) throw error;
      deps.logger.warn({ err: error, chunk: request.number }, "the model did not answer");
      unanswered.push({ chunk, reason: error.message });
    }
  }
  const [first] = unanswered;
  if (first !== undefined && responses.length === 0) {
    return { model: undefined, absence: `${model.name} did not answer: ${first.reason}` };
  }
  return { model: model.name, responses, plan, unanswered, untold };
}

interface ChunkRequest extends ReadingTask {
  readonly chunk: Chunk;
  readonly number: number;
  readonly count: number;
}

function promptFor({ pull }: ReviewContext, request: ChunkRequest): Prompt {
  const { material, earlier, chunk, number, count } = request;
  return buildPrompt({
    pullRequest: {
      title: pull.title,
      body: pull.body,
      author: pull.author.login,
      baseRef: pull.base.ref,
      headRef: pull.head.ref,
    },
    chunk: { text: chunk.text, number, count, files: chunk.files.map(({ file }) => file) },
    earlier,
    instructions: material.config.instructions,
  });
}

async function askOnce(
  deps: ReviewDeps,
  model: ReviewModel,
  context: ReviewContext,
  { reviewId, material, number, prompt }: ChunkRequest & { readonly prompt: Omit<Prompt, "untold"> },
): Promise<ModelResponse> {
  const stage = `model:${number}` as const;
  const promptHash = sha256(JSON.stringify(prompt)).toString("hex");
  const saved = await readAnswer(deps.db, reviewId, stage);
  if (saved?.promptHash === promptHash) return saved.response;

  await beginStage(deps.db, reviewId, stage);
  const { claim, repository } = context;
  const { answer, ...rest } = await model.review({
    ...prompt,
    tools: repositoryTools(context, material),
    signal: claim.signal,
  });
  // What a model says is a stranger's text: PostgreSQL would refuse a NUL in it, after it was paid for.
  const response = { ...rest, answer: cleanAnswer(answer) };
  await saveAnswer(deps.db, { reviewId, repositoryId: repository.id, stage, promptHash, response });
  return response;
}

/** The model may read the pull request's own repository at the head under review, and nothing else. */
function repositoryTools({ account, ref, pull }: ReviewContext, { contents }: Material): RepositoryTools {
  return {
    readFile: async (path) =>
      contents.get(path) ?? (await getFileContent(account.client, ref, path, pull.head.sha)),
  };
}
