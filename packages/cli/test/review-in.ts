import type { ModelConfig } from "@nectr/model";
import type { AnalysersPort } from "@nectr/review";
import { parseReviewCommand } from "../src/review/review-command.ts";
import { runReview } from "../src/review/run-review.ts";

export interface Outcome {
  readonly status: number;
  readonly printed: string;
  readonly warned: string;
}

/** `nectr review` as it is called in a folder. */
export async function reviewIn(
  directory: string,
  analysers: AnalysersPort,
  args: readonly string[] = [],
  model: ModelConfig = {},
): Promise<Outcome> {
  const printed: string[] = [];
  const warned: string[] = [];
  const deps = {
    directory,
    model,
    budgetUsd: undefined,
    lenses: false,
    analysers,
    terminal: { colours: false, width: 100 },
    print: (text: string) => void printed.push(text),
    tell: () => {},
    warn: (line: string) => void warned.push(line),
  };
  const status = await runReview(deps, parseReviewCommand(args));
  return { status, printed: printed.join(""), warned: warned.join("\n") };
}
