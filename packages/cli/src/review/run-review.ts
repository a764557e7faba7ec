import { resolve } from "node:path";
import { createReviewModel, type ModelConfig } from "@nectr/model";
import { type AnalysersPort, type EnginePorts, type Review, reviewChange } from "@nectr/review";
import { findRange } from "../git/find-range.ts";
import { openGit } from "../git/open-git.ts";
import { renderJson } from "../output/json.ts";
import { assertWritable, writeOutput } from "../output/output-file.ts";
import { plainLine } from "../output/plain-text.ts";
import { renderSarif } from "../output/sarif.ts";
import { renderTerminal } from "../output/terminal.ts";
import { excerptsOf } from "./excerpts.ts";
import { exitStatus } from "./exit-status.ts";
import { readLocalChange, type LocalChange } from "./local-change.ts";
import type { LocalReview } from "./local-review.ts";
import { createModelPort } from "./model-port.ts";
import { modelTools } from "./model-tools.ts";
import type { ReviewCommand } from "./review-command.ts";
import { readSettings } from "./settings.ts";

export interface ReviewDeps {
  /** Where the command was called. */
  readonly directory: string;
  readonly model: ModelConfig;
  readonly budgetUsd: number | undefined;
  readonly lenses: boolean;
  readonly analysers: AnalysersPort;
  readonly terminal: { readonly colours: boolean; readonly width: number };
  /** Takes the result. */
  readonly print: (text: string) => void;
  /** Takes each step, and what goes wrong, in a line. */
  readonly tell: (line: string) => void;
  readonly warn: (line: string) => void;
}

/**
 * Reviews a branch and prints the result.
 * @returns the exit status
 * @throws Trouble, which tells a person what to do
 */
export async function runReview(deps: ReviewDeps, command: ReviewCommand): Promise<number> {
  const output = command.output === undefined ? undefined : resolve(deps.directory, command.output);
  if (output !== undefined) await assertWritable(output);
  const settings =
    command.config === undefined ? undefined : await readSettings(resolve(deps.directory, command.config));
  const git = await openGit(resolve(deps.directory, command.repository ?? "."));
  const range = await findRange(git, command);
  deps.tell(`Comparing ${range.headRef} with ${range.baseRef}`);
  const local = await readLocalChange(git, range, settings);
  const model = command.model ? createReviewModel(deps.model) : undefined;
  const start = performance.now();
  const ports: EnginePorts = {
    readTexts: local.readTexts,
    analysers: deps.analysers,
    model: model && createModelPort(model, askingOf(deps, local)),
    elapsedMs: () => performance.now() - start,
    onProgress: deps.tell,
  };
  const reviewed: LocalReview = {
    review: withAbsence(await reviewChange(ports, local.change, deps), command),
    range,
    untracked: local.untracked,
    settings: local.settings,
    remarks: remarksOf(command, model?.name),
    withModel: model !== undefined,
  };
  const status = exitStatus(reviewed, command.failOn);
  const text = await rendered(deps, command, { reviewed, local, status });
  if (output === undefined) deps.print(text);
  else await writeOutput(output, text);
  return status;
}

/** The engine knows of no model; that nobody wanted one is known here. */
function withAbsence(review: Review, { model }: ReviewCommand): Review {
  if (model) return review;
  return { ...review, coverage: { ...review.coverage, modelAbsence: "no model was asked (--no-model)" } };
}

function askingOf(deps: ReviewDeps, { place, readTexts }: LocalChange) {
  return {
    tools: modelTools(place, readTexts),
    budgetUsd: deps.budgetUsd,
    onTrouble: (message: string) => deps.warn(plainLine(message)),
  };
}

function remarksOf({ model: asked }: ReviewCommand, model: string | undefined): string[] {
  if (model !== undefined || !asked) return [];
  return [
    "No model is configured, so the built-in analysers reviewed alone. See .env.example, or say --no-model.",
  ];
}

interface Reviewed {
  readonly reviewed: LocalReview;
  readonly local: LocalChange;
  readonly status: number;
}

async function rendered(
  { terminal }: ReviewDeps,
  { format, output }: ReviewCommand,
  { reviewed, local, status }: Reviewed,
): Promise<string> {
  switch (format) {
    case "json":
      return renderJson(reviewed, status);
    case "sarif":
      return renderSarif(reviewed);
    case "terminal": {
      const excerpt = await excerptsOf(reviewed.review.findings, local.readTexts);
      // A file shows no colours.
      return renderTerminal(reviewed, {
        ...terminal,
        colours: terminal.colours && output === undefined,
        excerpt,
      });
    }
  }
}
