import {
  type Chunk,
  type FileDiff,
  parseDiff,
  parseRepositoryConfig,
  planChunks,
  selectFiles,
} from "@nectr/review";

/** A diff as `git diff` writes it. */
export interface NamedDiff {
  readonly name: string;
  readonly text: string;
}

/** What became of every hunk of all diffs. */
export interface HunkFigures {
  readonly all: number;
  /** With every changed line in a call. */
  readonly reviewed: number;
  /** Of files that the review names as not read, or not to their end. */
  readonly listed: number;
  /** Neither: 0, or the review is silent about something. */
  readonly lost: number;
}

/** How diffs are packed into calls of a model. Shares are from 0 to 1. */
export interface PackingFigures {
  readonly diffs: number;
  readonly maxTokens: number;
  readonly hunks: HunkFigures;
  /** With as many calls as it takes. `least`: for each diff what all of it takes, written once, by the budget, rounded up. */
  readonly calls: {
    readonly made: number;
    readonly least: number;
    /** Diffs that take more calls than that. */
    readonly worse: readonly { readonly name: string; readonly made: number; readonly least: number }[];
    readonly overBudget: number;
    /** How full the calls of diffs over one budget are, but for the emptiest of each. */
    readonly fill: { readonly least: number; readonly mean: number };
  };
  /** Diffs over one budget, with one call allowed. Shares are of all files and lines of these diffs together. */
  readonly oneCall: {
    readonly diffs: number;
    /** Files of which every line is in the call, and those of which any is. */
    readonly filesWhole: number;
    readonly filesSeen: number;
    readonly addedLines: number;
    readonly leastFill: number;
  };
}

const config = parseRepositoryConfig(undefined).config;

/**
 * Packs every diff, once with as many calls of `maxTokens` as it takes, and once with one. What is selected, and what a
 * token is, is as in a review; files that are excluded by name are listed, and take part in nothing else.
 *
 * @throws DiffError where a text is no diff, RangeError for a budget below 1,000 tokens
 */
export function measurePacking(
  diffs: readonly NamedDiff[],
  { maxTokens }: { readonly maxTokens: number },
): PackingFigures {
  const all = diffs.map(({ name, text }) => packOne(name, parseDiff(text), maxTokens));
  const over = all.filter(({ least }) => least > 1);
  const fills = over.flatMap(({ fill }) => fill);
  const files = sum(over.map(({ selected }) => selected));
  return {
    diffs: diffs.length,
    maxTokens,
    hunks: {
      all: sum(all.map(({ hunks }) => hunks.all)),
      reviewed: sum(all.map(({ hunks }) => hunks.reviewed)),
      listed: sum(all.map(({ hunks }) => hunks.listed)),
      lost: sum(all.map(({ hunks }) => hunks.lost)),
    },
    calls: {
      made: sum(all.map(({ made }) => made)),
      least: sum(all.map(({ least }) => least)),
      worse: all
        .filter(({ made, least }) => made > least)
        .map(({ name, made, least }) => ({ name, made, least })),
      overBudget: sum(all.map(({ overBudget }) => overBudget)),
      fill: { least: Math.min(1, ...fills), mean: share(sum(fills), fills.length) },
    },
    oneCall: {
      diffs: over.length,
      filesWhole: share(sum(over.map(({ one }) => one.filesRead)), files),
      filesSeen: share(sum(over.map(({ one }) => one.chunks[0]?.files.length ?? 0)), files),
      addedLines: share(
        sum(over.map(({ one }) => one.addedLinesRead)),
        sum(over.map(({ one }) => one.addedLines)),
      ),
      leastFill: Math.min(1, ...over.map(({ one }) => (one.chunks[0]?.tokens ?? 0) / maxTokens)),
    },
  };
}

function packOne(name: string, files: readonly FileDiff[], maxTokens: number) {
  const { selected, skipped } = selectFiles(files, config);
  const plan = planChunks(selected, { maxTokens, maxChunks: Infinity });
  const tokens = planChunks(selected, { maxTokens: 1e9, maxChunks: 1 }).chunks[0]?.tokens ?? 0;
  const named = new Set([...skipped, ...plan.skipped].map(({ path }) => path));
  const fill = plan.chunks.map((chunk) => chunk.tokens / maxTokens).toSorted((a, b) => b - a);
  return {
    name,
    selected: selected.length,
    made: plan.chunks.length,
    least: Math.ceil(tokens / maxTokens),
    overBudget: fill.filter((each) => each > 1).length,
    fill: fill.slice(0, -1),
    hunks: hunkFigures(files, plan.chunks, named),
    one: planChunks(selected, { maxTokens, maxChunks: 1 }),
  };
}

function hunkFigures(
  files: readonly FileDiff[],
  chunks: readonly Chunk[],
  named: ReadonlySet<string>,
): HunkFigures {
  const inCalls = new Set(
    chunks.flatMap((chunk) => chunk.files.flatMap(({ file }) => changedLines(file).flat())),
  );
  const hunks = files.flatMap((file) => changedLines(file).map((lines) => ({ path: file.path, lines })));
  const reviewed = hunks.filter(({ lines }) => lines.every((line) => inCalls.has(line)));
  const rest = hunks.filter(({ lines }) => !lines.every((line) => inCalls.has(line)));
  const listed = rest.filter(({ path }) => named.has(path)).length;
  return { all: hunks.length, reviewed: reviewed.length, listed, lost: rest.length - listed };
}

/** The changed lines of each hunk, each by a name of its own. */
function changedLines({ path, hunks }: FileDiff): string[][] {
  return hunks.map(({ lines }) =>
    lines.flatMap((line) => {
      if (line.kind === "context") return [];
      return line.kind === "added" ? `+${line.newLine} ${path}` : `-${line.oldLine} ${path}`;
    }),
  );
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}

function share(part: number, whole: number): number {
  return whole === 0 ? 1 : part / whole;
}
