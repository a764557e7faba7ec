import { bySeverity, maskSecrets, severities, type PlacedFinding, type SkippedFile } from "@nectr/review";
import { isUnexpected, type LocalReview, unreadOf } from "../review/local-review.ts";
import { createPaint, severityStyle, type Paint } from "./paint.ts";
import { plainLine, plainLines } from "./plain-text.ts";
import { withheldLines } from "./withheld.ts";
import { costWords, count } from "./words.ts";
import { wrap } from "./wrap.ts";

/** The text of lines `start` to `end`, where it is known. */
export type Excerpt = (finding: PlacedFinding) => readonly string[];

export interface TerminalOptions {
  readonly colours: boolean;
  /** Characters in a line. */
  readonly width: number;
  readonly excerpt: Excerpt;
}

/** Lines of code shown with one finding. */
const mostExcerpt = 8;
const mostNamed = 20;
const mostLeftOut = 10;

/** The review for a person at a terminal. Nothing in it can steer that terminal. */
export function renderTerminal(local: LocalReview, options: TerminalOptions): string {
  const paint = createPaint(options.colours);
  const files = Map.groupBy(local.review.findings, ({ path }) => path);
  const blocks = [...files].map(([path, findings]) => {
    const inOrder = findings.toSorted((a, b) => a.startLine - b.startLine || bySeverity(a, b));
    const entries = inOrder.map((finding) => findingLines(finding, options, paint).join("\n"));
    return `${paint("bold", plainLine(path))}\n\n${entries.join("\n\n")}`;
  });
  const withheld = withheldLines(local.review.withheld ?? [], paint);
  return (
    [...blocks, ...(withheld.length > 0 ? [withheld.join("\n")] : []), closing(local, options, paint)].join(
      "\n\n",
    ) + "\n"
  );
}

function findingLines(finding: PlacedFinding, { width, excerpt }: TerminalOptions, paint: Paint): string[] {
  const { severity, category, startLine, endLine, side, rule, source } = finding;
  const lines = startLine === endLine ? `${startLine}` : `${startLine}-${endLine}`;
  const where = side === "old" ? `${lines} (removed)` : lines;
  const from = source === "model" ? "model" : rule;
  const indent = "    ";
  const text = (all: readonly string[]) =>
    wrap(all, width - indent.length).map((line) => (line === "" ? "" : indent + line));
  return [
    `  ${where}  ${paint(severityStyle[severity], severity)}  ${paint("bold", plainLine(finding.title))}  ` +
      paint("dim", `${category}, ${plainLine(from)}`),
    ...codeLines(excerpt(finding), startLine, paint).map((line) => indent + line),
    ...text(plainLines(finding.body.trim())),
    ...suggestionLines(finding, excerpt(finding), paint).map((line) => indent + line),
  ];
}

function codeLines(code: readonly string[], startLine: number, paint: Paint): string[] {
  const last = startLine + Math.min(code.length, mostExcerpt) - 1;
  const shown = code.slice(0, mostExcerpt).map((line, index) => {
    const number = String(startLine + index).padStart(String(last).length);
    return `${paint("dim", `${number} |`)} ${plainLines(line)[0] ?? ""}`;
  });
  const more = code.length - mostExcerpt;
  return more > 0 ? [...shown, paint("dim", `... ${count(more, "more line")}`)] : shown;
}

function suggestionLines({ suggestion }: PlacedFinding, code: readonly string[], paint: Paint): string[] {
  if (suggestion === undefined) return [];
  const after = suggestion === "" ? [] : plainLines(maskSecrets(suggestion.replace(/\r?\n$/, "")));
  const before = code.flatMap((line) => plainLines(line).slice(0, 1));
  const shorter = Math.min(before.length, after.length);
  // Lines that stay, above and below what changes.
  const above = sameLines(shorter, (index) => before[index] === after[index]);
  const below = sameLines(shorter - above, (index) => before.at(-1 - index) === after.at(-1 - index));
  return [
    paint("dim", "suggested:"),
    ...before.slice(0, above).map((line) => `  ${line}`),
    ...before.slice(above, before.length - below).map((line) => paint("red", `- ${line}`)),
    ...after.slice(above, after.length - below).map((line) => paint("green", `+ ${line}`)),
    ...after.slice(after.length - below).map((line) => `  ${line}`),
  ];
}

function sameLines(most: number, same: (index: number) => boolean): number {
  let count = 0;
  while (count < most && same(count)) count += 1;
  return count;
}

function closing(local: LocalReview, { width }: TerminalOptions, paint: Paint): string {
  const { review, range, untracked, settings, remarks } = local;
  const { coverage, cost } = review;
  const unread = unreadOf(local).filter((each) => !settings.includes(each));
  const read = coverage.model === undefined ? "analysed" : "read";
  const head = range.workingTree ? `${range.headRef} (working tree)` : range.headRef;
  const where = `${plainLine(range.baseRef)}..${plainLine(head)}`;
  const nothing = coverage.filesChanged === 0;
  return [
    ...(review.summary === "" ? [] : [...wrap(plainLines(review.summary), width), ""]),
    nothing ? `Nothing is changed in ${where}` : `${foundWords(review.findings, paint)} in ${where}`,
    `${coverage.filesRead} of ${count(coverage.filesChanged, "changed file")} and ` +
      `${coverage.addedLinesRead} of ${count(coverage.addedLines, "added line")} ${read}; ${byWhom(local)}` +
      (cost === undefined ? "" : `; ${costWords(cost)}`),
    ...leftOut(coverage.skipped, paint),
    ...listed("Settings:", settings, paint),
    ...listed("Not read, though it should be:", unread, paint),
    ...listed("Not included, since git does not track it:", untracked, paint),
    ...remarks.map((remark) => `Note: ${plainLine(remark)}`),
  ].join("\n");
}

function foundWords(findings: readonly PlacedFinding[], paint: Paint): string {
  if (findings.length === 0) return paint("bold", "Nothing found");
  const kinds = severities.flatMap((severity) => {
    const number = findings.filter((finding) => finding.severity === severity).length;
    return number === 0 ? [] : [paint(severityStyle[severity], `${number} ${severity}`)];
  });
  return `${paint("bold", count(findings.length, "finding"))} (${kinds.join(", ")})`;
}

function byWhom({ review: { coverage }, withModel }: LocalReview): string {
  if (coverage.model !== undefined) return `by the analysers and ${plainLine(coverage.model)}`;
  if (withModel) return "by the analysers alone";
  return `by the analysers alone: ${plainLine(coverage.modelAbsence ?? "no model was asked")}`;
}

/** What nobody expects to be read: by it the numbers of files add up. */
function leftOut(skipped: readonly SkippedFile[], paint: Paint): string[] {
  const expected = skipped.filter((file) => !isUnexpected(file));
  if (expected.length === 0) return [];
  const more = expected.length - mostLeftOut;
  const names = expected
    .slice(0, mostLeftOut)
    .map(({ path, reason }) => `${path} (${reason})`)
    .join(", ");
  return [
    paint(
      "dim",
      plainLine(`Left out: ${names}`) + (more > 0 ? ` and ${more.toLocaleString("en-US")} more` : ""),
    ),
  ];
}

function listed(title: string, entries: readonly string[], paint: Paint): string[] {
  if (entries.length === 0) return [];
  const more = entries.length - mostNamed;
  return [
    paint("yellow", title),
    ...entries.slice(0, mostNamed).map((entry) => `  ${plainLine(entry)}`),
    ...(more > 0 ? [`  and ${more.toLocaleString("en-US")} more`] : []),
  ];
}
