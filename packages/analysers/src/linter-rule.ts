import type { Finding } from "@nectr/review";
import type { Rule } from "./rule.ts";

/**
 * What is said of a defect that another linter finds. Its own message is not repeated: it may quote the code under
 * review.
 */
export type LinterRule = Pick<
  Rule,
  "id" | "severity" | "category" | "title" | "body" | "reference" | "tests"
>;

/** A finding of a rule, with the rule's reference named in its body. Addresses are no links: reviews keep none. */
export function findingOf(rule: LinterRule, path: string, startLine: number, endLine = startLine): Finding {
  const reference = rule.reference.startsWith("CWE-") ? rule.reference : `\`${rule.reference}\``;
  return {
    source: "analyser",
    rule: rule.id,
    severity: rule.severity,
    category: rule.category,
    path,
    startLine,
    endLine,
    title: rule.title,
    body: `${rule.body} (${reference})`,
  };
}

/** One finding of a rule a line: several linters' rules may stand for one of ours. */
export function oncePerLine(findings: readonly Finding[]): Finding[] {
  const first = new Map<string, Finding>();
  for (const finding of findings) {
    const key = `${finding.startLine} ${finding.rule}`;
    if (!first.has(key)) first.set(key, finding);
  }
  return [...first.values()];
}

/**
 * A text in which only what git takes for a line's end is one, so that every linter counts the same lines, and no
 * character is half of one, which their programs do not take. A lone carriage return becomes a space.
 */
export function withGitLines(content: string): string {
  return content.replace(/\r(?!\n)/g, " ").toWellFormed();
}
