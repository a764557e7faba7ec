import type { ConfigProblem } from "./read-yaml.ts";

/** In one line, for a review's coverage: that the file was not used, and where the first mistake is. */
export function describeConfigProblems(problems: readonly ConfigProblem[]): string[] {
  const [first, ...others] = problems;
  if (first === undefined) return [];
  const more = others.length === 0 ? "" : ` (${others.length} more)`;
  return [
    `.nectr.yml is not used, the defaults are. Line ${first.line}, column ${first.column}: ${first.message}${more}`,
  ];
}
