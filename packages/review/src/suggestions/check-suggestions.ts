import { clip } from "../clip.ts";
import { lineTextOfDiff, type LineText } from "../findings/fingerprint.ts";
import type { FileDiff, Finding, Placement } from "../model.ts";
import { codeIndex } from "../placement/code-index.ts";
import { quoteReadings } from "../placement/quote-readings.ts";
import { remembered } from "../remembered.ts";
import { locationText } from "../render/location.ts";
import { applySuggestion, linesWithEnds, withoutEnd } from "./apply-suggestion.ts";
import { bracketBalance, breaksBrackets } from "./brackets.ts";
import { cleanSuggestion } from "./clean-suggestion.ts";
import { indentationOf } from "./indentation.ts";
import { isMasked } from "../secrets/mask-secrets.ts";

type Placed = Finding & { readonly placement: Placement };

export interface CheckedSuggestions<F> {
  readonly findings: readonly F[];
  /** One sentence for each suggestion that was left out. */
  readonly problems: readonly string[];
}

/**
 * Keeps a finding's suggestion only where it can be applied as it is: to exactly the lines under its comment, in a
 * head text that has these lines as the diff shows them; with the file's indentation, which is put right where the
 * model lost it. Each is really applied, and what comes of it looked at. A finding stays, with or without.
 */
export function checkSuggestions<F extends Placed>(
  findings: readonly F[],
  headTexts: ReadonlyMap<string, string>,
  files: readonly FileDiff[],
): CheckedSuggestions<F> {
  const shown = lineTextOfDiff(files);
  const targetOf = remembered((path: string) => ({ text: readTarget(headTexts.get(path)) }));
  const problems: string[] = [];
  const checked = findings.map((finding): F => {
    if (finding.suggestion === undefined) return finding;
    const { suggestion: _, ...rest } = finding;
    const outcome = judge(finding, finding.suggestion, targetOf(finding.path).text, shown);
    if ("suggestion" in outcome) return { ...finding, suggestion: outcome.suggestion };
    problems.push(`The suggestion of ${nameOf(finding)} is not shown: ${outcome.fault}.`);
    // Without what is optional it is still what it was, but TypeScript does not see that of a generic.
    return rest as Placed as F;
  });
  return { findings: checked, problems };
}

function nameOf(finding: Finding): string {
  return `"${clip(finding.title.replace(/\s+/g, " ").trim(), 60)}" (${locationText(finding)})`;
}

/** A head text and what is known of it, worked out once for all suggestions. */
function readTarget(text: string | undefined) {
  if (text === undefined) return undefined;
  const ended = linesWithEnds(text);
  const lines = ended.map(withoutEnd);
  return { ended, lines, style: indentationOf(lines), balance: bracketBalance(text) };
}
type Target = ReturnType<typeof readTarget>;

type Outcome = { readonly suggestion: string } | { readonly fault: string };

/** Files of words, in which a bracket may stand alone. */
const prose = /\.(?:md|mdx|markdown|rst|adoc|txt)$/i;

function judge(finding: Placed, suggestion: string, target: Target, shown: LineText): Outcome {
  const { startLine: start, endLine: end, path } = finding;
  const misplaced = misplacement(finding);
  if (misplaced !== undefined) return { fault: misplaced };
  if (!target) return { fault: "the file's text is not known" };
  if (isMasked(suggestion)) return { fault: "it holds a secret" };
  const replaced = target.lines.slice(start - 1, end);
  if (replaced.length < end - start + 1) return { fault: "the file has fewer lines" };
  if (replaced.some((line, index) => line !== shown(path, start + index)?.replace(/\r$/, ""))) {
    return { fault: "the file's lines are not those of the diff" };
  }
  if (!beginsWithQuote(finding, replaced)) return { fault: "its lines are not the code that it is about" };

  const clean = cleanSuggestion(suggestion, replaced, start, target.style);
  if (clean === undefined) return { fault: "it is not certain which of its lines are meant" };
  if (clean === replaced.join("\n")) return { fault: "it says what is there already" };
  if (!prose.test(path) && breaksBrackets(target.balance, replaced.join("\n"), clean)) {
    return { fault: "it would leave brackets without their counterparts" };
  }
  return fits(clean, target.ended, start, end)
    ? { suggestion: clean }
    : { fault: "it does not fit its lines" };
}

/** Applies it to its lines and their neighbours, and looks whether it became as many lines as it has. */
function fits(suggestion: string, ended: readonly string[], start: number, end: number): boolean {
  const before = Math.max(start - 2, 0);
  const around = ended.slice(before, end + 1);
  const applied = linesWithEnds(applySuggestion(around.join(""), start - before, end - before, suggestion));
  return applied.length - around.length === suggestion.split("\n").length - (end - start + 1);
}

/** GitHub replaces the lines under a comment: they must be those that the suggestion was written for. */
function misplacement({ placement, startLine, endLine }: Placed): string | undefined {
  if (placement.kind === "summary") return "there is no place for it on the diff";
  if (placement.side === "old") return "lines of before can't be replaced";
  const start = placement.startLine ?? placement.line;
  return start === startLine && placement.line === endLine
    ? undefined
    : "the diff does not show all of its lines";
}

/** The quote of a finding begins where its lines do; else they may be the wrong ones, near as they are. */
function beginsWithQuote({ quote = "" }: Finding, replaced: readonly string[]): boolean {
  const readings = quoteReadings(quote, "new");
  const code = codeIndex([replaced.map((text, index) => ({ line: index + 1, text }))]);
  return (
    readings.length === 0 ||
    readings.some((reading) => {
      const [first] = code.between(1, replaced.length);
      return first !== undefined && reading[0] !== undefined && first.text.includes(reading[0]);
    })
  );
}
