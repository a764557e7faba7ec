import type { Analyser } from "./analysed-file.ts";
import { languageOf } from "./language-of.ts";
import { isWorkflow } from "./workflows/is-workflow.ts";

/**
 * The built-in analysers, the quickest first. Each engine is loaded when the first file comes that it reads: most
 * pull requests need one or two of them.
 */
export const builtInAnalysers: readonly Analyser[] = [
  {
    name: "committed secrets",
    reads: () => true,
    load: async () => (await import("./secrets-analyser.ts")).createSecretsAnalyser(),
  },
  {
    name: "Python (ruff)",
    reads: (path) => languageOf(path) === "python",
    load: async () => (await import("./python/python-analyser.ts")).createPythonAnalyser(),
  },
  {
    name: "JavaScript and TypeScript (oxlint)",
    reads: (path) => ["javascript", "typescript", "tsx"].includes(languageOf(path) ?? ""),
    load: async () => (await import("./scripts/scripts-analyser.ts")).createScriptsAnalyser(),
  },
  {
    name: "workflows (actionlint)",
    reads: isWorkflow,
    load: async () => (await import("./workflows/workflows-analyser.ts")).createWorkflowsAnalyser(),
  },
  {
    name: "code rules",
    reads: (path) => languageOf(path) !== undefined,
    load: async () => (await import("./rules-analyser.ts")).createRulesAnalyser(),
  },
];
