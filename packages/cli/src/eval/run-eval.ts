import type { ReviewDeps } from "../review/run-review.ts";
import type { EvalCommand } from "./eval-command.ts";
import { replay } from "./replay.ts";
import { runCases } from "./run-cases.ts";
import { runDiffs } from "./run-diffs.ts";

export type EvalDeps = Pick<
  ReviewDeps,
  "directory" | "model" | "lenses" | "analysers" | "print" | "tell" | "warn"
>;

/** Measures. @returns the exit status @throws Trouble, which tells a person what to do */
export async function runEval(deps: EvalDeps, command: EvalCommand): Promise<number> {
  switch (command.kind) {
    case "diffs":
      return await runDiffs(deps, command);
    case "replay":
      await replay(deps, command);
      return 0;
    case "cases":
      await runCases(deps, command);
      return 0;
  }
}
