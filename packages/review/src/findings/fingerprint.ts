import { hexDigest } from "../digest.ts";
import { numberOn } from "../diff/lines.ts";
import type { FileDiff, Finding, Side } from "../model.ts";
import { remembered } from "../remembered.ts";

/** The text of a line of one version of a file (the new one where none is named); undefined where it is not known. */
export type LineText = (path: string, line: number, side?: Side) => string | undefined;

/**
 * What a finding is recognised by on the next push: its rule (for a model's finding its category and title),
 * its path, and the flagged lines' text with all white space made equal. No line numbers, so code that is
 * added above changes nothing. 32 hexadecimal digits.
 *
 * @param flaggedText the text of the finding's lines, joined by line feeds; "" where it is not known
 * @param ordinal which of several equal findings in one file this is, from 0
 */
export function fingerprint(
  finding: Pick<Finding, "source" | "rule" | "category" | "title" | "path">,
  flaggedText: string,
  ordinal = 0,
): string {
  const kind =
    finding.source === "analyser"
      ? ["analyser", finding.rule]
      : ["model", finding.category, normalisedTitle(finding.title)];
  return hexDigest(JSON.stringify([...kind, finding.path, normalisedText(flaggedText), ordinal]), 32);
}

/**
 * Gives every finding its fingerprint. Equal findings on different lines of one file are counted from the top;
 * equal findings on the same line are one finding and share theirs.
 */
export function fingerprintFindings<F extends Finding>(
  findings: readonly F[],
  lineText: LineText,
): (F & { readonly fingerprint: string })[] {
  const linesOf = new Map<string, Set<number>>();
  const based = findings.map((finding) => {
    const text = flaggedText(finding, lineText);
    const base = fingerprint(finding, text);
    linesOf.set(base, (linesOf.get(base) ?? new Set()).add(finding.startLine));
    return { finding, text, base };
  });
  const ordered = new Map([...linesOf].map(([base, lines]) => [base, [...lines].sort((a, b) => a - b)]));
  return based.map(({ finding, text, base }) => {
    const ordinal = ordered.get(base)?.indexOf(finding.startLine) ?? 0;
    return { ...finding, fingerprint: ordinal === 0 ? base : fingerprint(finding, text, ordinal) };
  });
}

/** Reads lines out of a diff: those of its hunks, the others are not known. Files that nobody asks for are not read. */
export function lineTextOfDiff(files: readonly FileDiff[]): LineText {
  const byPath = Map.groupBy(files, (file) => file.path);
  const linesOf = {
    new: remembered((path: string) => linesOn("new", byPath.get(path) ?? [])),
    old: remembered((path: string) => linesOn("old", byPath.get(path) ?? [])),
  };
  return (path, line, side = "new") => linesOf[side](path).get(line);
}

function linesOn(side: Side, files: readonly FileDiff[]): Map<number, string> {
  const lines = files.flatMap((file) => file.hunks.flatMap((hunk) => hunk.lines));
  return new Map(
    lines.flatMap((line): [number, string][] => {
      const number = numberOn(line, side);
      return number === undefined ? [] : [[number, line.text]];
    }),
  );
}

/** A finding may span a whole file; its first lines are enough to know it again. */
const mostLines = 50;

function flaggedText(finding: Finding, lineText: LineText): string {
  const count = Math.min(Math.max(finding.endLine - finding.startLine + 1, 0), mostLines);
  const lines = Array.from({ length: count }, (_, index) =>
    lineText(finding.path, finding.startLine + index, finding.side),
  );
  return lines.filter((line) => line !== undefined).join("\n");
}

function normalisedText(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}

function normalisedTitle(title: string): string {
  return title
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
}
