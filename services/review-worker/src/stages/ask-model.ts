import type { ModelResponse } from "@nectr/model";
import {
  buildPrompt,
  type Chunk,
  type ChunkPlan,
  type EarlierFinding,
  planChunks,
  type Prompt,
  type ReviewCost,
} from "@nectr/review";
import { readReviewCost } from "../spend-store.ts";
import type { ReviewDeps } from "../worker-deps.ts";
import { askChunk } from "./ask-chunk.ts";
import type { Material } from "./gather.ts";
import type { ReviewContext } from "./review-context.ts";
import type { Silence } from "./silence.ts";

/** What the model said, or why it said nothing. */
export type Reading = {
  /** Of all calls for this review, failed ones too. */
  readonly cost: ReviewCost | undefined;
  /** Chunks without an answer, with the reason. */
  readonly unanswered: readonly { readonly chunk: Chunk; readonly silence: Silence }[];
} & (
  | {
      readonly model: string;
      readonly responses: readonly ModelResponse[];
      readonly plan: ChunkPlan;
      /** Fingerprints of earlier findings that were not shown with each chunk of their file. */
      readonly untold: ReadonlySet<string>;
    }
  | { readonly model: undefined; readonly absence: string }
);

/** What there is to read, and for which review. */
export interface ReadingTask {
  readonly reviewId: string;
  readonly material: Material;
  readonly earlier: readonly EarlierFinding[];
}

/** Tokens of diff in one call, and calls for one review: what a person would wait and pay for. */
const chunkTokens = 24_000;
const mostChunks = 8;

/** One chunk may be too much for the model. Where it fails over two in a row, it is the model that is away. */
const mostUnreached = 2;

/**
 * Has the model read the diff, chunk by chunk. An answer that was paid for in an earlier attempt is not asked again.
 * @throws ModelAway where the review should wait for the model
 */
export async function askModel(
  deps: ReviewDeps,
  context: ReviewContext,
  task: ReadingTask,
): Promise<Reading> {
  const { model } = deps;
  if (model === undefined) {
    return { model, absence: "no model is configured", unanswered: [], cost: undefined };
  }
  const plan = planChunks(task.material.selected, { maxTokens: chunkTokens, maxChunks: mostChunks });
  const responses: ModelResponse[] = [];
  const unanswered: { chunk: Chunk; silence: Silence }[] = [];
  const untold = new Set<string>();
  let unreached = 0;
  for (const [index, chunk] of plan.chunks.entries()) {
    const request = { ...task, chunk, number: index + 1, count: plan.chunks.length };
    const { untold: ofChunk, ...prompt } = promptFor(context, request);
    for (const { fingerprint } of ofChunk) untold.add(fingerprint);
    const givenUp = unreached >= mostUnreached ? unanswered.at(-1)?.silence : undefined;
    const answer = await askChunk(deps, model, context, { ...request, prompt, givenUp });
    unreached = "silence" in answer && answer.unreached ? unreached + 1 : 0;
    // Without the model the review is poorer, and says so; that is better than none.
    if ("silence" in answer) unanswered.push({ chunk, silence: answer.silence });
    else responses.push(answer.response);
  }
  const cost = await readReviewCost(deps.db, task.reviewId);
  const [first] = unanswered;
  if (first !== undefined && responses.length === 0) {
    return { model: undefined, absence: first.silence.brief, unanswered, cost };
  }
  return { model: model.name, responses, plan, unanswered, untold, cost };
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
