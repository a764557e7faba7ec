import { availableParallelism } from "node:os";
import type { AnalysersPort } from "@nectr/review";
import type { AnalysedFile, Analyser, SourceText } from "./analysed-file.ts";
import { analyseFiles, type Analysis } from "./analyse-files.ts";
import { AnalysisFailed, createAnalyserProcess, type AnalyserProcess } from "./analyser-process.ts";
import { builtInAnalysers } from "./built-in.ts";
import { explainDependencies } from "./dependencies/explain-dependencies.ts";
import { outlineFiles, type Outlines } from "./outline/outline-files.ts";

/** The analysers, which own processes: close them to end those. */
export interface Analysers extends AnalysersPort, AsyncDisposable {
  readonly names: readonly string[];
  /**
   * Reads every file with every analyser, in a process of their own, so that no file can stop the caller's. Where all
   * are busy it waits for one. A file that an analyser cannot read, or not in time, is named in `failures` and stops
   * nothing else. Findings are what the change introduced (`introduced`), in the order of the files and then of their
   * lines.
   *
   * @throws the signal's reason, as soon as it aborts; an error, once the analysers are closed
   */
  analyse(files: readonly AnalysedFile[], options?: { readonly signal?: AbortSignal }): Promise<Analysis>;
  /**
   * The functions and classes of each text, in a process and within a time as above. A path is absent where its
   * language is not known, where it looks like data, and where it could not be read.
   *
   * @throws as `analyse`
   */
  outline(files: readonly SourceText[], options?: { readonly signal?: AbortSignal }): Promise<Outlines>;
  readonly explainDependencies: typeof explainDependencies;
  /** Ends what is under way, and the processes. */
  close(): Promise<void>;
}

export interface AnalysersOptions {
  /** Milliseconds that one analyser may take for one file. */
  readonly deadlineMs?: number;
  /** Milliseconds that all analysers together may take for the files of one call. */
  readonly budgetMs?: number;
  /**
   * Processes at most: one for each processor, two at least, so that one slow pull request does not keep all others
   * waiting. Each is started when it is needed, which takes longer than most analyses, and kept.
   */
  readonly processes?: number;
}

type Within = <Answer>(
  ask: (limits: { readonly deadlineMs: number; readonly signal: AbortSignal }) => Promise<Answer>,
) => Promise<Answer>;

/** Whose analysers they are: their program, and which of them it serves. */
export interface AnalyserProgram {
  readonly program: URL;
  readonly analysers: readonly Pick<Analyser, "name" | "reads">[];
}

const builtIn: AnalyserProgram = {
  program: new URL("./analyser-program.ts", import.meta.url),
  analysers: builtInAnalysers,
};

/** The built-in analysers. */
export function createAnalysers(options: AnalysersOptions = {}, of: AnalyserProgram = builtIn): Analysers {
  const { program, analysers } = of;
  const { deadlineMs = 10_000, budgetMs = 60_000, processes = Math.max(2, availableParallelism()) } = options;
  const closing = new AbortController();
  const all = Array.from({ length: processes }, () => createAnalyserProcess(program));
  // The one that was used last is the next, so that no more run than are needed.
  const free = [...all];
  const waiting = new Set<(process: AnalyserProcess) => void>();

  const close = async (): Promise<void> => {
    closing.abort(new Error("The analysers are closed."));
    await Promise.all(all.map((each) => each.stop()));
  };

  const takeProcess = async (ended: AbortSignal): Promise<AnalyserProcess> => {
    ended.throwIfAborted();
    const process = free.pop();
    if (process !== undefined) return process;
    const turn = Promise.withResolvers<AnalyserProcess>();
    const giveUp = () => {
      // At once: a process that is given back now must not go to whoever has left.
      waiting.delete(turn.resolve);
      turn.reject(ended.reason);
    };
    ended.addEventListener("abort", giveUp, { once: true });
    waiting.add(turn.resolve);
    try {
      return await turn.promise;
    } finally {
      ended.removeEventListener("abort", giveUp);
    }
  };

  const giveBack = (process: AnalyserProcess): void => {
    const [next] = waiting;
    if (next === undefined) return void free.push(process);
    waiting.delete(next);
    next(process);
  };

  /** Does a call's work with a process of its own; what is asked of that is asked `within` the call's time. */
  const withProcess = async <Result>(
    signal: AbortSignal | undefined,
    work: (process: AnalyserProcess, within: Within) => Promise<Result>,
  ): Promise<Result> => {
    const ended = AbortSignal.any([closing.signal, ...(signal ? [signal] : [])]);
    const process = await takeProcess(ended);
    let left = budgetMs;
    const within: Within = async (ask) => {
      const start = performance.now();
      if (left <= 0) throw new AnalysisFailed("the time for this pull request was used up");
      try {
        return await ask({ deadlineMs, signal: ended });
      } finally {
        left -= performance.now() - start;
      }
    };
    try {
      return await work(process, within);
    } finally {
      giveBack(process);
    }
  };

  return {
    names: analysers.map(({ name }) => name),
    close,
    [Symbol.asyncDispose]: close,
    async analyse(files, { signal } = {}) {
      return await withProcess(signal, (process, within) =>
        analyseFiles(analysers, files, (analyser, source) =>
          within((limits) => process.analyse({ analyser, source }, limits)),
        ),
      );
    },
    async outline(files, { signal } = {}) {
      return await withProcess(signal, (process, within) =>
        outlineFiles(files, (batch) => within((limits) => process.outline(batch, limits))),
      );
    },
    explainDependencies,
  };
}
