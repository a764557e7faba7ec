import type { Chunk } from "../chunks/chunk.ts";
import { contextFor } from "../chunks/context.ts";
import { type ChunkPlan, planChunks } from "../chunks/plan-chunks.ts";
import { cleanAnswer, createAnswerMask } from "../findings/clean-text.ts";
import type { ModelAnswer } from "../findings/model-answer.ts";
import type { FileDiff, Finding } from "../model.ts";
import { buildPrompt, reviewTask } from "../prompt/build-prompt.ts";
import { reviewInstructions } from "../prompt/instructions.ts";
import { lenses, lensTask } from "../prompt/lenses.ts";
import { synthesisTask } from "../prompt/synthesis.ts";
import type { Change } from "./change.ts";
import { inParallel } from "./in-parallel.ts";
import type { CodeScope, ModelPort, Silence } from "./ports.ts";

/** Tokens of diff in one question, and of the code around it. */
const chunkTokens = 24_000;
const contextTokens = 8_000;
/** Questions at once. */
const atOnce = 4;

/** What the model said of the diff, part by part. */
export interface Reading {
  /** Whoever answered, by name, in the order of the parts. Empty: nobody did. */
  readonly models: readonly string[];
  readonly answers: readonly ChunkAnswer[];
  readonly plan: ChunkPlan;
  /** Parts without an answer, with the reason. */
  readonly unanswered: readonly { readonly chunk: Chunk; readonly silence: Silence }[];
  /** Questions of a lens that stayed without an answer, where others about the same part were answered. */
  readonly halfAnswered: readonly Silence[];
  /** Fingerprints of earlier findings that were not shown with each part of their file. */
  readonly untold: ReadonlySet<string>;
}

export interface ChunkAnswer {
  /** The name of the question that was answered. */
  readonly question: string;
  readonly model: string;
  readonly answer: ModelAnswer;
}

export interface ReadingTask {
  readonly change: Change;
  readonly selected: readonly FileDiff[];
  readonly texts: ReadonlyMap<string, string>;
  readonly scopes: ReadonlyMap<string, readonly CodeScope[]>;
  readonly evidence: readonly Finding[];
  /** Whether several look at each part, each for one kind of defect. */
  readonly lenses: boolean;
}

/** Has the model read the diff, part by part and several at a time. */
export async function read(
  model: Pick<ModelPort, "ask">,
  task: ReadingTask,
  onProgress: (step: string) => void = () => {},
): Promise<Reading> {
  const { tokens } = task.change.config.limits;
  const maxChunks = Math.ceil(tokens / chunkTokens);
  const plan = planChunks(task.selected, { maxTokens: Math.floor(tokens / maxChunks), maxChunks });
  const ask = async (chunk: Chunk, index: number) => {
    onProgress(`The model reads part ${index + 1} of ${plan.chunks.length}`);
    const part = { chunk, number: index + 1, count: plan.chunks.length };
    const prompt = promptFor(task, part);
    return { chunk, untold: prompt.untold, ...(await askAbout(model, task, part, prompt)) };
  };
  // The first one alone: it tells whether the model is there, and what all begin with is cached when the others come.
  const first = await inParallel(plan.chunks.slice(0, 1), 1, ask);
  const others = await inParallel(plan.chunks.slice(1), atOnce, (chunk, index) => ask(chunk, index + 1));
  const parts = [...first, ...others];
  const answers = parts.flatMap((part) => part.answers);
  return {
    models: [...new Set(answers.map((each) => each.model))],
    answers,
    plan,
    unanswered: parts.flatMap((part) =>
      part.answers.length > 0
        ? []
        : part.silences.slice(0, 1).map((silence) => ({ chunk: part.chunk, silence })),
    ),
    halfAnswered: parts.flatMap((part) => (part.answers.length > 0 ? part.silences : [])),
    untold: new Set(
      parts.flatMap((part) =>
        [...part.untold, ...unsought(task.change, part)].map(({ fingerprint }) => fingerprint),
      ),
    ),
  };
}

/** Earlier findings in a part of which some look stayed without an answer: it may have been the one for them. */
function unsought({ earlier }: Change, { chunk, silences }: Pick<Part, "chunk"> & Pick<Said, "silences">) {
  if (silences.length === 0) return [];
  const paths = new Set(chunk.files.flatMap(({ file }) => [file.path, file.previousPath ?? file.path]));
  return earlier.filter(({ path }) => paths.has(path));
}

interface Part {
  readonly chunk: Chunk;
  readonly number: number;
  readonly count: number;
}

function promptFor({ change, texts, scopes, evidence }: ReadingTask, { chunk, number, count }: Part) {
  return buildPrompt({
    pullRequest: change.pullRequest,
    chunk: { text: chunk.text, number, count, files: chunk.files.map(({ file }) => file) },
    context: contextFor(chunk, { texts, scopes, maxTokens: contextTokens }).text,
    evidence,
    earlier: change.earlier,
    guidance: change.guidance,
  });
}

/** What came of a part: answers, or the first reason for there being none. */
interface Said {
  readonly answers: readonly ChunkAnswer[];
  readonly silences: readonly Silence[];
}

async function askAbout(
  model: Pick<ModelPort, "ask">,
  { lenses: withLenses }: ReadingTask,
  { chunk, number }: Part,
  { instructions, material }: { readonly instructions: string; readonly material: string },
): Promise<Said> {
  const mask = createAnswerMask(reviewInstructions(""));
  const ask = async (name: string, task: string, tools = true): Promise<Said> => {
    const prompt = `${material}\n\n${task}`;
    const subject = [instructions, chunk.text, task].join("\n\n");
    const sharedCharacters = withLenses ? material.length : 0;
    const said = await model.ask({
      name,
      kind: "review",
      instructions,
      prompt,
      sharedCharacters,
      subject,
      tools,
    });
    if ("silence" in said) return { answers: [], silences: [said.silence] };
    return { answers: [{ question: name, ...said, answer: cleanAnswer(said.answer, mask) }], silences: [] };
  };
  const name = `chunk-${number}`;
  if (!withLenses) return await ask(name, reviewTask);
  const looks = await inParallel(lenses, lenses.length, (lens) => ask(`${name}-${lens}`, lensTask(lens)));
  const all = {
    answers: looks.flatMap(({ answers }) => answers),
    silences: looks.flatMap(({ silences }) => silences),
  };
  const found = all.answers.filter(({ answer }) => answer.findings.length > 0);
  if (found.length < 2) return all;
  const one = await ask(`${name}-synthesis`, synthesisTask(all.answers), false);
  // Where nobody makes one report of them, all of them count.
  const answers = one.answers.length > 0 ? one.answers : all.answers;
  return { answers, silences: [...all.silences, ...one.silences] };
}
