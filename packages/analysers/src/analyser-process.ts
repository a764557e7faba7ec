import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import type { CodeScope, Finding } from "@nectr/review";
import type { SourceText } from "./analysed-file.ts";
import type { AnalyserAnswer, AnalyserRequest } from "./serve-analysers.ts";

/** Megabytes of JavaScript's memory that the analysis of one file may take. */
const memoryMegabytes = 512;

/** Why an analyser did not read a file, in words for the reader of a review. */
export class AnalysisFailed extends Error {
  override readonly name = "AnalysisFailed";
}

type Ask<Request, Answer> = (
  request: Request,
  options: { readonly deadlineMs: number; readonly signal: AbortSignal },
) => Promise<Answer>;

/** A process that reads files, one at a time. It is started when it is needed, and again after it was ended. */
export interface AnalyserProcess {
  /**
   * Has an analyser read a file. Whatever hinders it costs the process: it may be deep in a parser, which hears
   * nothing, and may never come back.
   *
   * @throws {AnalysisFailed} where it could not read the file, took longer than `deadlineMs`, or ended
   * @throws the signal's reason, as soon as it aborts
   */
  readonly analyse: Ask<{ readonly analyser: string; readonly source: SourceText }, Finding[]>;
  /** Has it read several files for their functions and classes; on the same terms, for all of them together. */
  readonly outline: Ask<readonly SourceText[], Map<string, readonly CodeScope[]>>;
  /** Ends the process, whatever it is doing; resolves when it is gone. */
  stop(): Promise<void>;
}

/** @param program a module that calls `serveAnalysers` */
export function createAnalyserProcess(program: URL): AnalyserProcess {
  let child: ChildProcess | undefined;

  const stop = async (): Promise<void> => {
    const ending = child;
    child = undefined;
    if (ending === undefined || ending.exitCode !== null || ending.signalCode !== null) return;
    const gone = once(ending, "exit");
    // What never started has nothing to end, and no exit to wait for.
    if (ending.kill("SIGKILL")) await gone;
  };

  const ask: Ask<AnalyserRequest, AnalyserAnswer> = async (request, { deadlineMs, signal }) => {
    signal.throwIfAborted();
    let deadline: AbortSignal | undefined;
    try {
      if (child === undefined) {
        child = launch(program);
        await messageFrom(child, signal);
      }
      deadline = AbortSignal.timeout(deadlineMs);
      const answering = messageFrom(child, AbortSignal.any([deadline, signal]));
      // A request that can't be sent finds the process gone, which is noticed anyway.
      child.send(request, () => {});
      // Only `serveAnalysers` writes to this channel.
      return (await answering) as AnalyserAnswer;
    } catch (error) {
      await stop();
      signal.throwIfAborted();
      if (error instanceof AnalysisFailed) throw error;
      const reason = deadline?.aborted ? "took too long" : "its process does not answer";
      throw new AnalysisFailed(reason, { cause: error });
    }
  };

  const fail = async (answer: AnalyserAnswer): Promise<never> => {
    if (!("error" in answer)) throw new Error("the analysers' process answers what it was not asked");
    if (answer.broken) await stop();
    throw new AnalysisFailed(answer.error);
  };

  return {
    async analyse(request, options) {
      const answer = await ask(request, options);
      return "findings" in answer ? answer.findings : await fail(answer);
    },
    async outline(files, options) {
      const answer = await ask({ outline: files }, options);
      return "outlines" in answer ? answer.outlines : await fail(answer);
    },
    stop,
  };
}

/** The process gets no environment: what it reads is not trusted, and our secrets are none of its business. */
function launch(program: URL): ChildProcess {
  const child = fork(program, {
    env: {},
    execArgv: [`--max-old-space-size=${memoryMegabytes}`],
    serialization: "advanced",
    // What it prints when it breaks may quote the file, which may hold a secret.
    stdio: ["ignore", "ignore", "ignore", "ipc"],
  });
  // Whoever waits for a message hears of an error, too; one that comes later is about a process that is no more.
  child.on("error", () => {});
  return child;
}

/** The next message, or how it came that there is none. */
async function messageFrom(child: ChildProcess, signal: AbortSignal): Promise<unknown> {
  const over = new AbortController();
  const until = { signal: AbortSignal.any([over.signal, signal]) };
  const message = once(child, "message", until).then(([said]: unknown[]) => said);
  const end = once(child, "exit", until).then(([code, ending]: unknown[]) => {
    throw new AnalysisFailed(
      `its process ended (${typeof ending === "string" ? ending : `code ${String(code)}`})`,
    );
  });
  try {
    return await Promise.race([message, end]);
  } finally {
    over.abort();
  }
}
