import {
  addedLines,
  type Chunk,
  composeReview,
  type Coverage,
  type EarlierFinding,
  type FileDiff,
  fingerprintFindings,
  lineTextOfDiff,
  placeFindings,
  type Review,
  type ReviewKey,
  type SkippedFile,
  toFindings,
} from "@nectr/review";
import type { Reading } from "./ask-model.ts";
import type { Material } from "./gather.ts";
import type { Inspection } from "./inspect.ts";
import type { ReviewContext } from "./review-context.ts";

type AnsweredReading = Extract<Reading, { model: string }>;

/** The head under review, and how many files GitHub says it changes. */
interface Subject {
  readonly pull: Pick<ReviewContext["pull"], "changedFiles">;
  readonly claim: { readonly grant: ReviewKey };
}

/** What the stages before brought. */
export interface Parts {
  readonly material: Material;
  readonly inspection: Inspection;
  readonly reading: Reading;
  readonly earlier: readonly EarlierFinding[];
}

/** Makes one review of what analysers and model said: placed, compared with earlier runs, ranked. */
export function compose({ pull, claim }: Subject, parts: Parts): Review {
  const { material, inspection, reading, earlier } = parts;
  const responses = reading.model === undefined ? [] : reading.responses;
  const said = responses.map(({ answer }) => toFindings(answer));
  const findings = [...inspection.findings, ...said.flatMap((each) => each.findings)];
  const placed = placeFindings(findings, material.files);
  const { repositoryId, number, headSha, generation } = claim.grant;
  const key = { repositoryId, number, headSha, generation };
  const { cost } = reading;
  return composeReview({
    key,
    findings: fingerprintFindings(placed, lineTextOfDiff(material.files)),
    earlier,
    ...(reading.model !== undefined && { untold: reading.untold }),
    coverage: coverageOf(
      pull.changedFiles,
      parts,
      said.flatMap((each) => each.problems),
    ),
    summary: responses.map(({ answer }) => answer.summary).join("\n\n"),
    config: material.config,
    files: material.files,
    ...(cost && { cost }),
  });
}

function coverageOf(
  filesChanged: number,
  { material, inspection, reading }: Parts,
  problems: string[],
): Coverage {
  const failures = [...material.failures, ...inspection.failures, ...problems];
  const shared = {
    filesChanged,
    addedLines: linesOf(material.files),
    analysers: inspection.analysers,
    analysed: [...inspection.read],
    ...(reading.unanswered.length > 0 && { modelTroubles: troublesOf(reading.unanswered) }),
  };
  if (reading.model === undefined) {
    const read = material.selected.filter(({ path }) => inspection.read.has(path));
    const unread = material.selected.filter(({ path }) => !inspection.read.has(path));
    return {
      ...shared,
      filesRead: read.length,
      addedLinesRead: linesOf(read),
      skipped: [
        ...material.skipped,
        ...unread.map(({ path }) => ({ path, reason: "not read to its end by the analysers" })),
      ],
      failures,
      modelAbsence: reading.absence,
    };
  }
  const { plan, unanswered } = reading;
  const silent = unansweredFiles(unanswered);
  // A file that was planned in part the plan did not count as read; of its lines now fewer are read than it says.
  const planned = plan.skipped.filter(({ path }) => !silent.has(path));
  const countedAsRead = silent.size - (plan.skipped.length - planned.length);
  return {
    ...shared,
    filesRead: plan.filesRead - countedAsRead,
    addedLinesRead: plan.addedLinesRead - unanswered.reduce((sum, { chunk }) => sum + linesIn(chunk), 0),
    skipped: [...material.skipped, ...planned, ...silent.values()],
    failures,
    model: reading.model,
  };
}

/** Files of chunks that the model did not answer for, by their paths. */
function unansweredFiles(unanswered: AnsweredReading["unanswered"]): Map<string, SkippedFile> {
  const files = unanswered.flatMap(({ chunk, silence }) =>
    chunk.files.map(({ file: { path } }) => ({ path, reason: silence.brief })),
  );
  return new Map(files.map((file) => [file.path, file]));
}

/** Each trouble once: that of a later chunk differs in its figures at most. */
function troublesOf(unanswered: Reading["unanswered"]): string[] {
  return [...new Map(unanswered.map(({ silence }) => [silence.brief, silence.sentence])).values()];
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
