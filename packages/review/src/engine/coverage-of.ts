import type { Chunk } from "../chunks/chunk.ts";
import { addedLines } from "../diff/lines.ts";
import type { Coverage, FileDiff, SkippedFile } from "../model.ts";
import type { Change } from "./change.ts";
import type { Inspection } from "./inspect.ts";
import type { Silence } from "./ports.ts";
import type { Reading } from "./read.ts";

/** What was to be read, by whom, and what came of it. */
export interface Account {
  readonly change: Pick<Change, "files" | "filesChanged">;
  readonly selected: readonly FileDiff[];
  readonly skipped: readonly SkippedFile[];
  readonly inspection: Inspection;
  /** Or why no model read anything. */
  readonly reading: Reading | { readonly absence: string };
  /** What failed on the way, in words for the reader. */
  readonly failures: readonly string[];
}

/** The account of what was read and what was not. */
export function coverageOf(account: Account): Coverage {
  const { change, inspection, reading, failures } = account;
  const shared = {
    filesChanged: change.filesChanged,
    addedLines: linesOf(change.files),
    analysers: inspection.analysers,
    // What nobody wants analysed is no doubt about the review.
    analysed: [...inspection.read, ...inspection.unwanted],
    failures,
  };
  if ("absence" in reading) return { ...shared, ...analysersAlone(account), modelAbsence: reading.absence };
  const troubles = troublesOf([...reading.unanswered.map(({ silence }) => silence), ...reading.halfAnswered]);
  const withTroubles = { ...shared, ...(troubles.length > 0 && { modelTroubles: troubles }) };
  const [model] = reading.models;
  if (model === undefined) {
    const absence = reading.unanswered[0]?.silence.brief ?? "there was nothing for it to read";
    return { ...withTroubles, ...analysersAlone(account), modelAbsence: absence };
  }
  return { ...withTroubles, ...byModel(account, reading), model: reading.models.join(", ") };
}

type Read = Pick<Coverage, "filesRead" | "addedLinesRead" | "skipped" | "read">;

function analysersAlone({ selected, skipped, inspection }: Account): Read {
  const read = selected.filter(({ path }) => inspection.read.has(path));
  const unread = selected.filter(({ path }) => !inspection.read.has(path));
  return {
    filesRead: read.length,
    read: read.map(({ path }) => path),
    addedLinesRead: linesOf(read),
    skipped: [
      ...skipped,
      ...unread.map(({ path }) => ({ path, reason: "not read to its end by the analysers" })),
    ],
  };
}

function byModel({ selected, skipped }: Account, { plan, unanswered }: Reading): Read {
  const silent = unansweredFiles(unanswered);
  // A file that was planned in part the plan did not count as read; of its lines now fewer are read than it says.
  const planned = plan.skipped.filter(({ path }) => !silent.has(path));
  const countedAsRead = silent.size - (plan.skipped.length - planned.length);
  const notRead = new Set([...planned.map(({ path }) => path), ...silent.keys()]);
  return {
    filesRead: plan.filesRead - countedAsRead,
    read: selected.map(({ path }) => path).filter((path) => !notRead.has(path)),
    addedLinesRead: plan.addedLinesRead - unanswered.reduce((sum, { chunk }) => sum + linesIn(chunk), 0),
    skipped: [...skipped, ...planned, ...silent.values()],
  };
}

/** Files of chunks that the model did not answer for, by their paths. */
function unansweredFiles(unanswered: Reading["unanswered"]): Map<string, SkippedFile> {
  const files = unanswered.flatMap(({ chunk, silence }) =>
    chunk.files.map(({ file: { path } }) => ({ path, reason: silence.brief })),
  );
  return new Map(files.map((file) => [file.path, file]));
}

/** Each trouble once: that of a later question differs in its figures at most. */
function troublesOf(silences: readonly Silence[]): string[] {
  return [...new Map(silences.map(({ brief, sentence }) => [brief, sentence])).values()];
}

/** Added lines that a chunk shows whole, as a plan counts them. */
function linesIn({ files, elided }: Chunk): number {
  const cut = new Set(elided.map(({ path, newLine }) => `${newLine} ${path}`));
  const shown = files.flatMap(({ file }) =>
    [...addedLines(file)].filter((line) => !cut.has(`${line} ${file.path}`)),
  );
  return shown.length;
}

function linesOf(files: readonly FileDiff[]): number {
  return files.reduce((sum, file) => sum + file.additions, 0);
}
