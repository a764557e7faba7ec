export type { AnalysedFile } from "./analysed-file.ts";
export type { AnalyserFailure, Analysis } from "./analyse-files.ts";
export { type Analysers, type AnalysersOptions, createAnalysers } from "./analysers.ts";
export {
  type DependencyChange,
  type DependencyChanges,
  explainDependencies,
} from "./dependencies/explain-dependencies.ts";
