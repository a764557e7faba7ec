import type { AnalysedFile, Analysers } from "@nectr/analysers";
import { addedLines, type Finding } from "@nectr/review";
import type { Material } from "./gather.ts";

/** What the analysers found, and where they failed. */
export interface Inspection {
  readonly findings: readonly Finding[];
  readonly failures: readonly string[];
  readonly analysers: readonly string[];
  /** Paths that every analyser read. */
  readonly read: ReadonlySet<string>;
}

/** Runs the analysers over the selected files, on the lines that the pull request adds. */
export async function inspect(
  analysers: Analysers,
  material: Material,
  signal: AbortSignal,
): Promise<Inspection> {
  const files = material.selected.flatMap((file): AnalysedFile[] => {
    const content = material.contents.get(file.path);
    return content === undefined ? [] : [{ path: file.path, content, addedLines: addedLines(file) }];
  });
  const { findings, failures } = await analysers.analyse(files, { signal });
  const disabled = new Set(material.config.analysers.disable);
  const failed = new Set(failures.map(({ path }) => path));
  return {
    findings: findings.filter(({ rule }) => !disabled.has(rule)),
    failures: failures.map(
      ({ analyser, path, reason }) => `${path}: not read to its end by the analyser "${analyser}": ${reason}`,
    ),
    analysers: analysers.names,
    read: new Set(files.map(({ path }) => path).filter((path) => !failed.has(path))),
  };
}
