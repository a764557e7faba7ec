import { configFor } from "../configuration/config-for.ts";
import type { RepositoryConfig } from "../configuration/repository-config.ts";
import {
  reaches,
  type Coverage,
  type EarlierFinding,
  type FileDiff,
  type PlacedFinding,
  type Review,
  type ReviewCost,
  type ReviewKey,
  type WithheldFinding,
} from "../model.ts";
import { filesByPath } from "../diff/files-by-path.ts";
import { cleanStrings } from "../findings/clean-text.ts";
import { byRank, mergeDuplicates, type MergedFinding } from "./merge-duplicates.ts";
import { doubtsAbout, verdictOf } from "./verdict.ts";

export interface ReviewParts {
  readonly key: ReviewKey;
  readonly findings: readonly PlacedFinding[];
  /** The pull request's ledger as the last run left it. */
  readonly earlier: readonly EarlierFinding[];
  /** Fingerprints of the ledger that a model was not told of while it read their file; absent for none. */
  readonly untold?: ReadonlySet<string>;
  readonly coverage: Coverage;
  /** Markdown, a few sentences; "" where nobody wrote one. */
  readonly summary: string;
  readonly config: RepositoryConfig;
  /** The whole diff: with it, what was found in a file that is deleted now counts as fixed. */
  readonly files?: readonly FileDiff[];
  readonly cost?: ReviewCost;
  /** What did not hold up on a second look. */
  readonly withheld?: readonly WithheldFinding[];
  readonly tookMs?: number;
}

/**
 * Decides what a review says: merges what was found twice, compares it with the ledger, ranks it, caps the
 * comments and gives the verdict. No finding is lost: it is new, still open, or counted in `hidden`. No string of
 * the review, wherever it came from, is one that a database refuses.
 */
export function composeReview(parts: ReviewParts): Review {
  const { config, coverage, earlier } = parts;
  const ledger = new Map(earlier.map((finding) => [finding.fingerprint, finding]));
  const merged = mergeDuplicates(parts.findings, new Set(ledger.keys()));
  const found = new Set(merged.flatMap(({ fingerprints }) => fingerprints));

  const [dismissed, live] = divide(merged, (each) => wasDismissed(each, ledger));
  const [shown, belowMinimum] = divide(live, ({ finding }) => isWanted(finding, config));
  const [known, fresh] = divide(shown, (each) => isOpen(ledger.get(each.finding.fingerprint)));
  const gone = earlier.filter((finding) => isOpen(finding) && !found.has(finding.fingerprint));
  const [fixed, unchecked] = divide(gone, createRecheck(parts));

  const findings = fresh
    .map(({ finding }) => (ledger.has(finding.fingerprint) ? { ...finding, regressed: true } : finding))
    .toSorted(byRank);
  const stillOpen = known.map(({ finding }) => finding).toSorted(byRank);
  const doubts = doubtsAbout(coverage, parts.files);
  return cleanStrings({
    key: parts.key,
    verdict: verdictOf([...findings, ...stillOpen, ...unchecked], doubts, config.verdict),
    binding: config.verdict.mode === "binding",
    doubts,
    summary: parts.summary.trim(),
    findings: capComments(findings, config.findings.maximum),
    stillOpen,
    unchecked,
    fixed,
    hidden: { belowMinimum: belowMinimum.length, dismissed: dismissed.length },
    coverage,
    ...(parts.withheld && { withheld: parts.withheld }),
    ...(parts.cost && { cost: parts.cost }),
    ...(parts.tookMs !== undefined && { tookMs: parts.tookMs }),
  });
}

/**
 * The review with some of its comments moved into the summary, as when GitHub refuses them.
 *
 * @param comments indexes into the comments of `renderReviewRequest`, from 0
 */
export function moveToSummary(review: Review, comments: readonly number[], reason: string): Review {
  let index = -1;
  const findings = review.findings.map((finding): PlacedFinding => {
    if (finding.placement.kind === "summary") return finding;
    index += 1;
    return comments.includes(index) ? { ...finding, placement: { kind: "summary", reason } } : finding;
  });
  return { ...review, findings };
}

/** The first `most` inline findings stay where they are, the others are told in the summary. */
function capComments(findings: readonly PlacedFinding[], most: number): PlacedFinding[] {
  const reason =
    most === 0 ? "this repository takes no inline comments" : `over the limit of ${most} inline comments`;
  let comments = 0;
  return findings.map((finding) => {
    if (finding.placement.kind === "summary") return finding;
    comments += 1;
    return comments <= most ? finding : { ...finding, placement: { kind: "summary", reason } };
  });
}

function isOpen(finding: EarlierFinding | undefined): boolean {
  return finding?.state === "open" || finding?.state === "regressed";
}

/** A person said no to it, in whichever words it was found. */
function wasDismissed({ fingerprints }: MergedFinding, ledger: ReadonlyMap<string, EarlierFinding>): boolean {
  return fingerprints.some((each) => ledger.get(each)?.state === "dismissed");
}

function isWanted({ path, severity, category }: PlacedFinding, config: RepositoryConfig): boolean {
  const { minimumSeverity, categories } = configFor(config, path).findings;
  return reaches(severity, minimumSeverity) && categories.includes(category);
}

/**
 * Tells whether this run would have found a finding again: its file was read to the end by the kind of reviewer
 * that found it. A model that was not told of it may have seen it, and given it another name. A file that was
 * deleted, or is no longer in the diff, has lost the change, and with it the finding.
 */
function createRecheck({
  coverage,
  files,
  untold,
  withheld = [],
}: ReviewParts): (finding: EarlierFinding) => boolean {
  const byPath = filesByPath(files ?? []);
  const wholeDiff = files !== undefined && files.length >= coverage.filesChanged;
  const analysed = new Set(coverage.analysed);
  const skipped = new Set(coverage.skipped.map(({ path }) => path));
  // Its finder has seen it again, in code that was touched; that the check was not sure this time repairs nothing.
  const doubted = new Set(withheld.map(({ finding: { path, title } }) => `${path}\n${title}`));
  return (finding) => {
    if (doubted.has(`${finding.path}\n${finding.title}`)) return false;
    const named = byPath.named(finding.path);
    const file = named?.status === "removed" ? undefined : named;
    const now = file ?? byPath.renamedFrom(finding.path);
    if (now === undefined && (named !== undefined || wholeDiff)) return true;
    const path = now?.path ?? finding.path;
    if (finding.source === "analyser") return analysed.has(path);
    return coverage.model !== undefined && !skipped.has(path) && !untold?.has(finding.fingerprint);
  };
}

function divide<T>(all: readonly T[], belongs: (each: T) => boolean): [T[], T[]] {
  const groups = Map.groupBy(all, belongs);
  return [groups.get(true) ?? [], groups.get(false) ?? []];
}
