import { type CommentPlace, judgeComments } from "@nectr/github-simulator";
import { commentPlace, type FileDiff, type Finding, parseDiff, placeFindings } from "@nectr/review";

/** What became of findings that were made up for a diff. */
export interface PlacementCheck {
  readonly files: number;
  readonly findings: number;
  /** Findings that would be posted as comments. */
  readonly inline: number;
  /** Comments that GitHub would refuse: the engine promises that there are none. */
  readonly refused: readonly { readonly comment: CommentPlace; readonly faults: readonly string[] }[];
  /** Findings that are neither inline nor in the summary: none, too. */
  readonly lost: number;
}

/** Findings of one file: some for each hunk, and no more than these, so that a large diff takes seconds. */
const perHunk = 6;
const mostPerFile = 200;

/**
 * Makes up findings for a diff, as a careless or hostile model might make them (lines outside of the diff, reversed
 * and long ranges, either side, quotes of other lines, names in other forms), has the engine place them, and the
 * simulated GitHub judge the comments by a parser of its own.
 *
 * @param random numbers from 0 to 1
 * @throws DiffError where the diff cannot be read
 */
export function checkPlacement(diffText: string, random: () => number): PlacementCheck {
  const files = parseDiff(diffText);
  const findings = files.flatMap((file) => {
    const count = Math.min(mostPerFile, perHunk * (file.hunks.length + 1));
    return Array.from({ length: count }, (_, index) => inventFinding(file, `${index}`, random));
  });
  const placed = placeFindings(findings, files);
  const comments = placed.flatMap(({ placement }) => commentPlace(placement) ?? []);
  const told = placed.filter(({ placement }) => placement.kind === "summary").length;
  return {
    files: files.length,
    findings: findings.length,
    inline: comments.length,
    refused: judgeComments(diffText, comments).refused,
    lost: findings.length - comments.length - told,
  };
}

function inventFinding(file: FileDiff, title: string, random: () => number): Finding {
  const pick = <T>(of: readonly [T, ...T[]]): T => of[Math.floor(random() * of.length)] ?? of[0];
  const shown = file.hunks.flatMap(({ lines }) => lines);
  const any = (): (typeof shown)[number] | undefined => shown[Math.floor(random() * shown.length)];
  const numbers = any();
  const named = numbers && (numbers.kind === "removed" ? numbers.oldLine : numbers.newLine);
  const start = pick([named ?? 1, named ?? 1, (named ?? 1) + 5, Math.floor(random() * 5_000)]);
  const end = start + pick([0, 0, 1, 2, 5, 40, -3]);
  const quoted = pick([numbers, any(), undefined])?.text;
  const mark = pick(["", "", "+", "-", `${start} +`]);
  const path = pick([
    file.path,
    file.path,
    file.path,
    `b/${file.path}`,
    `./${file.path}`,
    file.previousPath ?? file.path,
    "no/such/file",
  ]);
  return {
    source: "model",
    rule: "model",
    severity: "minor",
    category: "correctness",
    path,
    ...(random() < 0.4 ? { side: "old" } : {}),
    startLine: start,
    endLine: end,
    ...(quoted === undefined ? {} : { quote: mark + quoted }),
    title,
    body: "",
  };
}
