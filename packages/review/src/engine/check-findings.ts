import { configFor } from "../configuration/config-for.ts";
import type { PlacedFinding, WithheldFinding } from "../model.ts";
import { applyChecks } from "../verify/apply-checks.ts";
import { buildChecks } from "../verify/build-checks.ts";
import { precheck } from "../verify/precheck.ts";
import type { Change } from "./change.ts";
import { inParallel } from "./in-parallel.ts";
import type { CodeScope, EnginePorts } from "./ports.ts";

/** Tokens of claims and code in one question, and questions at once. */
const checkTokens = 16_000;
const atOnce = 4;

/** Findings with their places and fingerprints, and the code that they are about. */
export interface CheckingTask {
  readonly change: Pick<Change, "files" | "earlier" | "config">;
  readonly findings: readonly PlacedFinding[];
  readonly texts: ReadonlyMap<string, string>;
  readonly scopes: ReadonlyMap<string, readonly CodeScope[]>;
}

/** What stands after the second look, and what does not. */
export interface Checked {
  readonly kept: readonly PlacedFinding[];
  readonly withheld: readonly WithheldFinding[];
  readonly failures: readonly string[];
}

/**
 * Looks at each finding a second time: by the code alone, and then by the model, which sees claim and code and none of
 * what led to it. What an earlier run posted was checked then: that it is still there is for its finder to say.
 */
export async function checkFindings(
  { model, onProgress }: Pick<EnginePorts, "model" | "onProgress">,
  { change: { files, earlier, config }, findings, texts, scopes }: CheckingTask,
): Promise<Checked> {
  const posted = new Set(
    earlier.filter(({ state }) => state !== "fixed").map(({ fingerprint }) => fingerprint),
  );
  const known = findings.filter(({ fingerprint }) => posted.has(fingerprint));
  const fresh = findings.filter(({ fingerprint }) => !posted.has(fingerprint));
  const plausible = precheck(fresh, { files, texts, scopes });
  const kept = [...known, ...plausible.kept];
  if (model === undefined) return { kept, withheld: plausible.withheld, failures: [] };

  const questions = buildChecks({ findings: plausible.kept, files, texts, scopes, maxTokens: checkTokens });
  const answered = await inParallel(questions, atOnce, async (each, index) => {
    onProgress?.(`The model checks its findings, part ${index + 1} of ${questions.length}`);
    const said = await model.ask(each.question);
    return { ...each, answer: "answer" in said ? said.answer : undefined };
  });
  const threshold = (path: string) => configFor(config, path).findings.threshold;
  const checked = applyChecks(plausible.kept, answered, { threshold });
  return {
    kept: [...known, ...checked.kept],
    withheld: [...plausible.withheld, ...checked.withheld],
    failures: checked.problems,
  };
}
