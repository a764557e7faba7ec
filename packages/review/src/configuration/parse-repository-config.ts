import { explainIssue } from "./explain-issue.ts";
import { type ConfigProblem, readYaml } from "./read-yaml.ts";
import { type RepositoryConfig, repositoryConfigSchema } from "./repository-config.ts";

/** As many mistakes as a person mends at a time. */
const mostProblems = 20;

/**
 * Reads `.nectr.yml`. It never fails: where there is a mistake, the whole file is not used and the defaults are,
 * since half of a configuration is not what anyone asked for.
 *
 * @param text the file, or undefined where the repository has none
 * @returns `problems` in the order of the file, the first 20; empty where the file is used
 */
export function parseRepositoryConfig(text: string | undefined): {
  readonly config: RepositoryConfig;
  readonly problems: readonly ConfigProblem[];
} {
  const read = readYaml(text ?? "");
  const unused = (problems: readonly ConfigProblem[]) => ({ config: defaults(), problems: first(problems) });
  if ("problems" in read) return unused(read.problems);
  const parsed = repositoryConfigSchema.safeParse(read.value ?? {}, { reportInput: true });
  if (parsed.success) return { config: parsed.data, problems: [] };
  const remarks = parsed.error.issues.slice(0, mostProblems).flatMap(explainIssue);
  return unused(remarks.slice(0, mostProblems).map(read.locate));
}

function defaults(): RepositoryConfig {
  return repositoryConfigSchema.parse({});
}

function first(problems: readonly ConfigProblem[]): ConfigProblem[] {
  return problems.toSorted((a, b) => a.line - b.line || a.column - b.column).slice(0, mostProblems);
}
