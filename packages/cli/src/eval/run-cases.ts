import { resolve } from "node:path";
import { configuredModels, createReviewModel, type ModelConfig, type ReviewModel } from "@nectr/model";
import { countTokens } from "@nectr/review";
import { assertWritable, writeOutput } from "../output/output-file.ts";
import { printableJson } from "../output/plain-text.ts";
import { count, dollars } from "../output/words.ts";
import { Trouble } from "../trouble.ts";
import type { EvalCase } from "./eval-case.ts";
import type { EvalCommand } from "./eval-command.ts";
import { readCases } from "./read-cases.ts";
import { renderRunDifference } from "./render-difference.ts";
import { type ModeHead, renderMode } from "./render-mode.ts";
import { type CaseResult, runCase } from "./run-case.ts";
import type { EvalDeps } from "./run-eval.ts";
import { readStoredRun, storedMode, type StoredMode } from "./stored-run.ts";

/** Cases of our own, for a first look. */
const ownCases = resolve(import.meta.dirname, "../../cases");

type Command = Extract<EvalCommand, { kind: "cases" }>;

/** Reviews all cases by the analysers alone, and then with the model where there is one; prints both. */
export async function runCases(deps: EvalDeps, command: Command): Promise<void> {
  const save = command.save === undefined ? undefined : resolve(deps.directory, command.save);
  if (save !== undefined) await assertWritable(save);
  const stored =
    command.compare === undefined ? undefined : await readStoredRun(resolve(deps.directory, command.compare));
  const folders =
    command.folders.length === 0 ? [ownCases] : command.folders.map((each) => resolve(deps.directory, each));
  const cases: EvalCase[] = [];
  for (const folder of folders) cases.push(...(await readCases(folder)));
  const model = command.model.use === "none" ? undefined : chosenModel(deps.model, command.model.name);
  const judge = command.judge === undefined ? undefined : namedModel(deps.model, command.judge, "--judge");

  const modes: StoredMode[] = [];
  for (const reviewer of model === undefined ? [undefined] : [undefined, model]) {
    if (reviewer !== undefined) deps.warn(announcement(reviewer, cases));
    const head: ModeHead =
      reviewer === undefined
        ? { kind: "analysers", name: "analysers" }
        : { kind: "model", name: reviewer.name };
    const results = await runAll(deps, cases, { model: reviewer, judge });
    const judged = judge === undefined ? head : { ...head, judge: judge.name };
    deps.print(`${renderMode(judged, results, command.seed)}\n\n`);
    const mode = storedMode(judged, results);
    const before = stored?.modes.find(({ kind }) => kind === mode.kind);
    if (before !== undefined) deps.print(`${renderRunDifference(before, mode)}\n\n`);
    modes.push(mode);
  }
  if (model === undefined && command.model.use === "with") {
    deps.warn("No model is configured, so the analysers reviewed alone. See .env.example.");
  }
  if (save !== undefined) await writeOutput(save, `${printableJson({ version: 1, modes })}\n`);
}

async function runAll(
  deps: EvalDeps,
  cases: readonly EvalCase[],
  { model, judge }: { readonly model: ReviewModel | undefined; readonly judge: ReviewModel | undefined },
): Promise<CaseResult[]> {
  const { analysers, lenses, tell, warn } = deps;
  const results: CaseResult[] = [];
  for (const [index, one] of cases.entries()) {
    warn(`${model?.name ?? "analysers"} ${index + 1}/${cases.length}: ${one.name}`);
    results.push(await runCase({ analysers, model, judge, lenses, tell, warn }, one));
  }
  return results;
}

/** Before money is spent: how much there is to read. Thinking, tools and checks come on top. */
function announcement({ name, price }: ReviewModel, cases: readonly EvalCase[]): string {
  const tokens = cases.reduce((total, { files }) => total + tokensOf(files), 0);
  const least =
    price === undefined
      ? "at a price that is not known"
      : `at least ${dollars((tokens * price.input) / 1e6)}`;
  return `Now ${name} reviews ${count(cases.length, "case")}, about ${count(tokens, "token")} of changes: this costs ${least}. Ctrl-C stops it.`;
}

function tokensOf(files: EvalCase["files"]): number {
  const lines = files.flatMap(({ hunks }) => hunks.flatMap((hunk) => hunk.lines.map(({ text }) => text)));
  return countTokens(lines.join("\n"));
}

function chosenModel(config: ModelConfig, name: string | undefined): ReviewModel | undefined {
  return name === undefined ? createReviewModel(config) : namedModel(config, name, "--model");
}

/** Another model of the configured provider. @throws Trouble where there is no provider */
export function namedModel(config: ModelConfig, name: string, option: string): ReviewModel {
  const { anthropic, openai } = config;
  // The first provider is the one that would be asked first; a price that was told for this model still counts.
  const price = configuredModels(config).find((model) => model.name === name)?.price;
  const model = createReviewModel({
    ...(price !== undefined && { prices: [price] }),
    ...(anthropic !== undefined
      ? { anthropic: { ...anthropic, models: [name] } }
      : openai !== undefined && { openai: { ...openai, models: [name] } }),
  });
  if (model !== undefined) return model;
  throw new Trouble(
    `${option} needs a provider: set ANTHROPIC_API_KEY, or OPENAI_BASE_URL and OPENAI_MODEL.`,
  );
}
