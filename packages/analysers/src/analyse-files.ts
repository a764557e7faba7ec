import { bySeverity, type Finding } from "@nectr/review";
import { reasonToSkip, type AnalysedFile, type Analyser, type SourceText } from "./analysed-file.ts";
import { AnalysisFailed } from "./analyser-process.ts";
import { introduced } from "./introduced.ts";

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

type Read = (analyser: string, source: SourceText) => Promise<Finding[]>;

/** One analyser after the other over all files: the first, the quickest, do not wait for what slows the next. */
export async function analyseFiles(
  analysers: readonly Pick<Analyser, "name" | "reads">[],
  files: readonly AnalysedFile[],
  read: Read,
): Promise<Analysis> {
  const failures: AnalyserFailure[] = [];
  const changed = files.filter(({ addedLines, base }) => addedLines.size > 0 || base !== undefined);
  const unfit = new Map(changed.map((file) => [file, reasonToSkip(file.content)]));
  const found = new Map<AnalysedFile, Finding[]>(changed.map((file) => [file, []]));
  for (const { name: analyser, reads } of analysers) {
    for (const [file, findings] of found) {
      if (!reads(file.path)) continue;
      const fail = (reason: string) => failures.push({ analyser, path: file.path, reason });
      const reason = unfit.get(file);
      if (reason !== undefined) {
        fail(reason);
        continue;
      }
      try {
        const all = await introducedBy(file, (source) => read(analyser, source));
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

/** The text before is read only where there is something to take away from. */
async function introducedBy(
  file: AnalysedFile,
  read: (source: SourceText) => Promise<Finding[]>,
): Promise<Finding[]> {
  const { path, content, base } = file;
  const findings = await read({ path, content });
  if (findings.length === 0 || base === undefined || reasonToSkip(base) !== undefined) {
    return introduced(findings, file, undefined);
  }
  try {
    return introduced(findings, file, await read({ path, content: base }));
  } catch (error) {
    // A text that was not readable before the change tells nothing: the added lines decide.
    if (!(error instanceof AnalysisFailed)) throw error;
    return introduced(findings, file, undefined);
  }
}
