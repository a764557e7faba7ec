import type { CodeScope, Finding } from "@nectr/review";
import type { Analyser, Engine, SourceText } from "./analysed-file.ts";

/** What the analysers' process is told to do, one request after the other. */
export type AnalyserRequest =
  | {
      /** The name of the analyser that is to read the text. */
      readonly analyser: string;
      readonly source: SourceText;
    }
  | { readonly outline: readonly SourceText[] };

/** Its answer to each request. `broken`: the engine can't be trusted to read another text. */
export type AnalyserAnswer =
  | { readonly findings: Finding[] }
  | { readonly outlines: Map<string, readonly CodeScope[]> }
  | { readonly error: string; readonly broken: boolean };

/** The functions and classes of a text; undefined where there is nothing to tell of it. */
export type OutlineText = (source: SourceText) => readonly CodeScope[] | undefined;

/** Answers requests in a process that was forked for it, after a first word, until the parent process is gone. */
export function serveAnalysers(
  analysers: readonly Analyser[],
  loadOutline: () => Promise<OutlineText>,
): void {
  const engines = new Map<string, Promise<Engine>>();
  const engineOf = (name: string): Promise<Engine> => {
    const known = engines.get(name);
    if (known !== undefined) return known;
    const analyser = analysers.find((each) => each.name === name);
    if (analyser === undefined) throw new Error(`there is no analyser "${name}"`);
    const loading = analyser.load();
    engines.set(name, loading);
    return loading;
  };
  // A terminal sends its signals to every process of the group. When to stop is the parent's to decide.
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => {});
  process.on("disconnect", () => process.exit());
  process.on("message", (request: AnalyserRequest) => {
    const answering =
      "outline" in request
        ? answer(async () => ({ outlines: outlineAll(await loadOutline(), request.outline) }))
        : answer(async () => ({
            findings: await (await engineOf(request.analyser)).analyse(request.source),
          }));
    void answering.then((said) => process.send?.(said));
  });
  process.send?.("ready");
}

function outlineAll(
  outlineText: OutlineText,
  files: readonly SourceText[],
): Map<string, readonly CodeScope[]> {
  return new Map(
    files.flatMap((file): [string, readonly CodeScope[]][] => {
      const scopes = outlineText(file);
      return scopes === undefined ? [] : [[file.path, scopes]];
    }),
  );
}

async function answer(work: () => Promise<AnalyserAnswer>): Promise<AnalyserAnswer> {
  try {
    return await work();
  } catch (error) {
    // A trap of WebAssembly, or a stack that overflowed in it, leaves the engine as it stood in the middle of its work.
    if (error instanceof Error && (error.name === "RuntimeError" || error instanceof RangeError)) {
      return { error: "it is nested too deeply, or broke the analyser", broken: true };
    }
    return { error: error instanceof Error ? error.message : String(error), broken: false };
  }
}
