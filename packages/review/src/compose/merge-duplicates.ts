import { bySeverity, type PlacedFinding } from "../model.ts";
import { remembered } from "../remembered.ts";
import { locationOf } from "../render/location.ts";

/** One finding, and the fingerprints of all that were found to say the same. */
export interface MergedFinding {
  readonly finding: PlacedFinding;
  readonly fingerprints: readonly string[];
}

/**
 * Merges findings that say the same: those with one fingerprint (a line that two chunks show), and those of
 * different reviewers about one thing. What the ledger knows is kept before what is new, so that nobody reads
 * a remark twice; then the worse, then the analyser's (it is certain), then the one with a suggestion.
 *
 * @param known fingerprints of the ledger
 */
export function mergeDuplicates(
  findings: readonly PlacedFinding[],
  known: ReadonlySet<string>,
): MergedFinding[] {
  const best = findings.toSorted(
    (a, b) =>
      Number(known.has(b.fingerprint)) - Number(known.has(a.fingerprint)) ||
      bySeverity(a, b) ||
      Number(b.source === "analyser") - Number(a.source === "analyser") ||
      Number(b.suggestion !== undefined) - Number(a.suggestion !== undefined),
  );
  const saysTheSame = createComparison();
  const merged: { finding: PlacedFinding; fingerprints: string[] }[] = [];
  const byFingerprint = new Map<string, (typeof merged)[number]>();
  const byPath = new Map<string, typeof merged>();
  for (const finding of best) {
    const ofPath = byPath.get(finding.path) ?? [];
    const same =
      byFingerprint.get(finding.fingerprint) ?? ofPath.find((each) => saysTheSame(each.finding, finding));
    if (same) same.fingerprints.push(finding.fingerprint);
    else {
      const first = { finding, fingerprints: [finding.fingerprint] };
      merged.push(first);
      byFingerprint.set(finding.fingerprint, first);
      ofPath.push(first);
      byPath.set(finding.path, ofPath);
    }
  }
  return merged;
}

/** Worst first; then by path, and from the top down. */
export function byRank(a: PlacedFinding, b: PlacedFinding): number {
  return (
    bySeverity(a, b) ||
    comparePaths(a.path, b.path) ||
    locationOf(a).startLine - locationOf(b).startLine ||
    a.endLine - b.endLine
  );
}

function comparePaths(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/**
 * Tells whether two findings in one file are one defect told twice: the same kind of harm on overlapping lines of
 * one version, in like words. A model tells an analyser's rule in many words, so those are sought in all that it says; two remarks
 * of a model must be nearly the same. Two of the analysers never are: their rules know themselves apart.
 */
function createComparison(): (a: PlacedFinding, b: PlacedFinding) => boolean {
  // A finding is compared with all others of its file.
  const wordsOfTitle = remembered(({ title }: PlacedFinding) => subjectWords(title));
  const wordsOfRule = remembered(({ rule, title }: PlacedFinding) =>
    subjectWords(`${rule.replace(/^.*\//, "")} ${title}`),
  );
  const wordsOfAll = remembered(({ title, body }: PlacedFinding) => subjectWords(`${title} ${body}`));
  return (a, b) => {
    if (a.category !== b.category) return false;
    if (a.side !== b.side) return false;
    if (a.startLine > b.endLine || b.startLine > a.endLine) return false;
    if (a.source === "model" && b.source === "model") {
      return sharedPart(wordsOfTitle(a), wordsOfTitle(b)) > 0.6;
    }
    if (a.source === b.source) return false;
    const [analyser, model] = a.source === "analyser" ? [a, b] : [b, a];
    return sharedPart(wordsOfRule(analyser), wordsOfAll(model)) >= 0.5;
  };
}

/** How much of the shorter of two sets of words is in the other, from 0 to 1. */
function sharedPart(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  const [short, long] = a.size <= b.size ? [a, b] : [b, a];
  if (short.size === 0) return 0;
  return [...short].filter((word) => long.has(word)).length / short.size;
}

/** The words that carry meaning, without their endings. */
function subjectWords(text: string): Set<string> {
  const words = text
    .replace(/([a-z])([A-Z])/g, "$1 $2")
    .toLowerCase()
    .match(/[\p{L}\p{N}]{3,}/gu);
  return new Set((words ?? []).filter((word) => !empty.has(word)).map((word) => word.slice(0, 5)));
}

const empty = new Set(
  "the and for from with without into this that not are is was can may when then has have its out any all user use used using value code line".split(
    " ",
  ),
);
