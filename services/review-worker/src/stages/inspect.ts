import type { AnalysedFile, Analysers } from "@nectr/analysers";
import { getFileContent } from "@nectr/github";
import { addedLines, type Finding } from "@nectr/review";
import type { Material } from "./gather.ts";
import type { ReviewContext } from "./review-context.ts";

/** What the analysers found, and where they failed. */
export interface Inspection {
  readonly findings: readonly Finding[];
  readonly failures: readonly string[];
  readonly analysers: readonly string[];
  /** Paths that every analyser read. */
  readonly read: ReadonlySet<string>;
}

/** Texts fetched at most; beyond, the analysers would take longer than a person waits. */
const mostContents = 150;
/** Requests at once, well below GitHub's 100 for all of a user's programs. */
const requestsAtOnce = 6;

/** Fetches the selected files' texts, and runs the analysers over them, on the lines that the pull request adds. */
export async function inspect(
  analysers: Analysers,
  { account: { client }, ref, pull, claim: { signal } }: ReviewContext,
  material: Material,
): Promise<Inspection> {
  const wanted = material.selected.filter((file) => addedLines(file).size > 0).slice(0, mostContents);
  const { contents, failures: unread } = await fetchContents(wanted, signal, (path) =>
    getFileContent(client, ref, path, pull.head.sha),
  );
  const files = wanted.flatMap((file): AnalysedFile[] => {
    const content = contents.get(file.path);
    return content === undefined ? [] : [{ path: file.path, content, addedLines: addedLines(file) }];
  });
  const { findings, failures } = await analysers.analyse(files, { signal });
  const disabled = new Set(material.config.analysers.disable);
  const failed = new Set(failures.map(({ path }) => path));
  return {
    findings: findings.filter(({ rule }) => !disabled.has(rule)),
    failures: [
      ...unread,
      ...failures.map(
        ({ analyser, path, reason }) =>
          `${path}: not read to its end by the analyser "${analyser}": ${reason}`,
      ),
    ],
    analysers: analysers.names,
    read: new Set(files.map(({ path }) => path).filter((path) => !failed.has(path))),
  };
}

async function fetchContents(
  files: Material["selected"],
  signal: AbortSignal,
  fetchText: (path: string) => Promise<string | undefined>,
): Promise<{ contents: Map<string, string>; failures: string[] }> {
  const contents = new Map<string, string>();
  const failures: string[] = [];
  const waiting = [...files];
  const worker = async (): Promise<void> => {
    for (let file = waiting.shift(); file !== undefined; file = waiting.shift()) {
      signal.throwIfAborted();
      const text = await fetchText(file.path);
      if (text === undefined) {
        failures.push(`${file.path}: its full text could not be read, so the analysers did not see it`);
      } else contents.set(file.path, text);
    }
  };
  await Promise.all(Array.from({ length: requestsAtOnce }, worker));
  return { contents, failures };
}
