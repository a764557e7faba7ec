import type { Finding } from "@nectr/review";
import type { AnalysedFile, Analyser } from "./analysed-file.ts";

/** What the analysers' process is told to do, one request after the other. */
export interface AnalyserRequest {
  /** The name of the analyser that is to read the file. */
  readonly analyser: string;
  readonly file: AnalysedFile;
}

/** Its answer to each request. */
export type AnalyserAnswer = { readonly findings: Finding[] } | { readonly error: string };

/** Answers requests in a process that was forked for it, after a first word, until the parent process is gone. */
export function serveAnalysers(analysers: readonly Analyser[]): void {
  // A terminal sends its signals to every process of the group. When to stop is the parent's to decide.
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => {});
  process.on("disconnect", () => process.exit());
  process.on("message", (request: AnalyserRequest) => {
    void answer(analysers, request).then((said) => process.send?.(said));
  });
  process.send?.("ready");
}

async function answer(
  analysers: readonly Analyser[],
  { analyser: name, file }: AnalyserRequest,
): Promise<AnalyserAnswer> {
  try {
    const analyser = analysers.find((each) => each.name === name);
    if (analyser === undefined) throw new Error(`there is no analyser "${name}"`);
    return { findings: await analyser.analyse(file) };
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
}
