import type { Finding } from "@nectr/review";
import type { AnalysedFile } from "./analysed-file.ts";
import { analyseFiles, type Analysis } from "./analyse-files.ts";
import { AnalysisFailed, createAnalyserProcess, type AnalyserProcess } from "./analyser-process.ts";

/** The analysers, which own a process: close them to end it. */
export interface Analysers extends AsyncDisposable {
  readonly names: readonly string[];
  /**
   * Reads every file with every analyser, in a process of their own, so that no file can stop the caller's. A file
   * that an analyser cannot read, or not in time, is named in `failures` and stops nothing else. Findings lie on
   * added lines only, in the order of the files and then of their lines.
   *
   * @throws the signal's reason, as soon as it aborts; an error, once the analysers are closed
   */
  analyse(files: readonly AnalysedFile[], options?: { readonly signal?: AbortSignal }): Promise<Analysis>;
  /** Ends what is under way, and the process. */
  close(): Promise<void>;
}

export interface AnalysersOptions {
  /** Milliseconds that one analyser may take for one file. */
  readonly deadlineMs?: number;
  /** Milliseconds that all analysers together may take for the files of one call. */
  readonly budgetMs?: number;
}

/** Whose analysers they are: their program, and the names by which it knows them. */
export interface AnalyserProgram {
  readonly program: URL;
  readonly names: readonly string[];
}

const builtIn: AnalyserProgram = {
  program: new URL("./analyser-program.ts", import.meta.url),
  names: ["committed secrets", "code rules"],
};

/** The built-in analysers. The process is started with the first file, and kept. */
export function createAnalysers(options: AnalysersOptions = {}, of: AnalyserProgram = builtIn): Analysers {
  const { program, names } = of;
  const { deadlineMs = 10_000, budgetMs = 60_000 } = options;
  const closing = new AbortController();
  const busy = new Set<AnalyserProcess>();
  let idle: AnalyserProcess | undefined;

  const close = async (): Promise<void> => {
    closing.abort(new Error("The analysers are closed."));
    await Promise.all([...busy, ...(idle ? [idle] : [])].map((each) => each.stop()));
  };

  /** Each call has a process to itself, so that a slow pull request keeps no other waiting. One is kept for the next. */
  const withProcess = async <T>(work: (process: AnalyserProcess) => Promise<T>): Promise<T> => {
    const process = idle ?? createAnalyserProcess(program);
    idle = undefined;
    busy.add(process);
    try {
      return await work(process);
    } finally {
      busy.delete(process);
      if (idle === undefined && !closing.signal.aborted) idle = process;
      else await process.stop();
    }
  };

  return {
    names,
    close,
    [Symbol.asyncDispose]: close,
    analyse: (files, { signal } = {}) =>
      withProcess(async (process) => {
        const ended = AbortSignal.any([closing.signal, ...(signal ? [signal] : [])]);
        let left = budgetMs;
        const read = async (analyser: string, file: AnalysedFile): Promise<Finding[]> => {
          const start = performance.now();
          if (left <= 0) throw new AnalysisFailed("the time for this pull request was used up");
          try {
            return await process.analyse({ analyser, file }, { deadlineMs, signal: ended });
          } finally {
            left -= performance.now() - start;
          }
        };
        return await analyseFiles(names, files, read);
      }),
  };
}
