import { readdir, readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { createReviewModel, type ReviewModel } from "@nectr/model";
import { fingerprintFindings, modelAnswerSchema, type ReviewCost, toFindings } from "@nectr/review";
import { z } from "zod";
import { createModelPort } from "../review/model-port.ts";
import { costWords, count } from "../output/words.ts";
import { plainLine } from "../output/plain-text.ts";
import { Trouble } from "../trouble.ts";
import { compareReviews, type ComparedFinding } from "./compare-reviews.ts";
import type { EvalCommand } from "./eval-command.ts";
import { differenceLines } from "./render-difference.ts";
import { namedModel } from "./run-cases.ts";
import type { EvalDeps } from "./run-eval.ts";

/** A question of a review as it was asked, and what was answered. */
const questionSchema = z.object({
  /** Of which review, for a person: `owner/name#12 at 1a2b3c4`. */
  review: z.string(),
  name: z.string(),
  instructions: z.string(),
  prompt: z.string(),
  model: z.string(),
  answer: modelAnswerSchema,
  cost: z
    .object({ inputTokens: z.number(), outputTokens: z.number(), costUsd: z.number().exactOptional() })
    .exactOptional(),
});

type StoredQuestion = z.infer<typeof questionSchema>;

type Command = Extract<EvalCommand, { kind: "replay" }>;

/**
 * Asks stored questions again, of another model or with other instructions, and prints what would change. It posts
 * nothing. The model has no tools here: the repository as it was is not at hand.
 */
export async function replay(deps: EvalDeps, command: Command): Promise<void> {
  const model =
    command.model === undefined
      ? createReviewModel(deps.model)
      : namedModel(deps.model, command.model, "--model");
  if (model === undefined) {
    throw new Trouble("replay asks a model: set ANTHROPIC_API_KEY, or OPENAI_BASE_URL and OPENAI_MODEL.");
  }
  const { instructions: file } = command;
  const instructions = file === undefined ? undefined : await readFile(resolve(deps.directory, file), "utf8");
  const questions = await readQuestions(resolve(deps.directory, command.questions));
  const asked = questions.slice(0, command.limit);
  deps.warn(`${model.name} is asked ${count(asked.length, "question")}, which costs money. Ctrl-C stops it.`);
  let changed = 0;
  for (const question of asked) {
    const again = instructions === undefined ? question : { ...question, instructions };
    const { different, lines } = await replayOne(deps, model, again);
    if (different) changed += 1;
    const head = `${question.review} ${question.name} (${question.model} before, ${model.name} now)`;
    deps.print([plainLine(head), ...lines.map((line) => `  ${line}`), ""].join("\n"));
  }
  deps.print(`${changed} of ${count(asked.length, "answer")} would be different. Nothing was posted.\n`);
}

interface Replayed {
  readonly different: boolean;
  readonly lines: readonly string[];
}

async function replayOne(deps: EvalDeps, model: ReviewModel, question: StoredQuestion): Promise<Replayed> {
  const port = createModelPort(model, { tools: undefined, budgetUsd: undefined, onTrouble: deps.warn });
  const { name, instructions, prompt, answer, cost } = question;
  const said = await port.ask({ name, kind: "review", instructions, prompt, tools: false });
  const now = await port.cost();
  const used = now === undefined ? [] : [`used: ${costWords(now)}`];
  if ("silence" in said) return { different: true, lines: [`no answer: ${said.silence.sentence}`, ...used] };
  const difference = compareReviews(reviewOf(answer, cost), reviewOf(said.answer, now));
  const { gone, added, regraded } = difference;
  const different = gone.length + added.length + regraded.length > 0;
  return {
    different,
    lines: [...(different ? [] : ["no finding is different"]), ...differenceLines(difference), ...used],
  };
}

function reviewOf(
  answer: StoredQuestion["answer"],
  cost: ReviewCost | undefined,
): { readonly findings: readonly ComparedFinding[]; readonly cost?: ReviewCost } {
  // The code is not at hand: fingerprints go by path, kind and title, and lines decide where they differ.
  const findings = fingerprintFindings(toFindings(answer).findings, () => undefined);
  return { findings, ...(cost !== undefined && { cost }) };
}

async function readQuestions(folder: string): Promise<StoredQuestion[]> {
  const names = await readdir(folder).catch((cause: unknown) => {
    throw new Trouble(`There is no folder ${folder} with stored questions.`, { cause });
  });
  const files = names.filter((name) => name.endsWith(".json")).toSorted();
  if (files.length === 0) throw new Trouble(`There is no stored question (*.json) in ${folder}.`);
  const questions: StoredQuestion[] = [];
  for (const name of files) {
    const parsed = questionSchema.safeParse(JSON.parse(await readFile(join(folder, name), "utf8")));
    if (!parsed.success) throw new Trouble(`${name} is no stored question: ${z.prettifyError(parsed.error)}`);
    questions.push(parsed.data);
  }
  return questions;
}
