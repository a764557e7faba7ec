import { bySeverity, type Finding } from "@nectr/review";
import { reasonToSkip, type AnalysedFile } from "./analysed-file.ts";
import { AnalysisFailed } from "./analyser-process.ts";

/** A file that one analyser did not read, or not to its end, and why. */
export interface AnalyserFailure {
  readonly analyser: string;
  readonly path: string;
  readonly reason: string;
}

export interface Analysis {
  readonly findings: Finding[];
  readonly failures: AnalyserFailure[];
}

/** Findings of one analyser that are told of one file, the worst first: where there are more, the cause is one. */
const mostFindings = 50;

/** One analyser after the other over all files: the first, the quickest, does not wait for what slows the next. */
export async function analyseFiles(
  names: readonly string[],
  files: readonly AnalysedFile[],
  read: (analyser: string, file: AnalysedFile) => Promise<Finding[]>,
): Promise<Analysis> {
  const failures: AnalyserFailure[] = [];
  const changed = files.filter(({ addedLines }) => addedLines.size > 0);
  const unfit = new Map(changed.map((file) => [file, reasonToSkip(file)]));
  const found = new Map<AnalysedFile, Finding[]>(changed.map((file) => [file, []]));
  for (const analyser of names) {
    for (const [file, findings] of found) {
      const fail = (reason: string) => failures.push({ analyser, path: file.path, reason });
      const reason = unfit.get(file);
      if (reason !== undefined) {
        fail(reason);
        continue;
      }
      try {
        const all = await read(analyser, file);
        findings.push(...all.toSorted(bySeverity).slice(0, mostFindings));
        const more = all.length - mostFindings;
        if (more > 0) fail(`${more} more ${more === 1 ? "finding" : "findings"} of this kind`);
      } catch (error) {
        if (!(error instanceof AnalysisFailed)) throw error;
        fail(error.message);
      }
    }
  }
  const inOrder = [...found.values()].flatMap((each) => each.toSorted((a, b) => a.startLine - b.startLine));
  return { findings: inOrder, failures };
}
