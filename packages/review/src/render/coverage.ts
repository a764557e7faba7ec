import { clip } from "../clip.ts";
import { codeSpan } from "../markdown/plain-characters.ts";
import { sanitizeInline } from "../markdown/sanitize-inline.ts";
import type { Coverage, Review, ReviewCost, SkippedFile } from "../model.ts";
import type { CuttableList } from "./fit.ts";
import { capitalised, count, thousands } from "./words.ts";

/** The account of what was read and what was not, folded. */
export function coverageDetails(review: Review): string | CuttableList {
  const { coverage } = review;
  const before = `<details><summary>${readingWords(coverage)}</summary>\n\n${facts(review).join("\n")}`;
  const after = "\n</details>";
  if (coverage.skipped.length === 0) return `${before}\n${after}`;
  return {
    before: `${before}\n\nNot ${readWord(coverage)}, or not to the end:\n`,
    entries: coverage.skipped.map((file) => () => skippedLine(file)),
    leftOut: (entries) => `- ${count(entries, "more file")}, left out here for want of room`,
    after,
  };
}

function skippedLine({ path, reason }: SkippedFile): string {
  return `- ${codeSpan(path)}: ${sanitizeInline(clip(reason, 300))}`;
}

function readingWords(coverage: Coverage): string {
  const { filesRead, filesChanged, addedLines, addedLinesRead } = coverage;
  const word = capitalised(readWord(coverage));
  const files = `${word} ${thousands(filesRead)} of ${count(filesChanged, "changed file")}`;
  return `${files}, ${thousands(addedLinesRead)} of ${count(addedLines, "added line")}`;
}

/** Analysers look for what they know; to read takes a model. */
function readWord({ model }: Coverage): string {
  return model === undefined ? "analysed" : "read";
}

/** Failures shown at most: they are sentences for a reader, not a log. */
const mostFailures = 20;

function facts({ key, coverage, hidden, withheld = [], cost, tookMs }: Review): string[] {
  const { model, modelAbsence, analysers, failures } = coverage;
  const more = failures.length - mostFailures;
  const absence = modelAbsence ? ` (${sanitizeInline(clip(modelAbsence, 300))})` : "";
  return [
    `- Head: \`${key.headSha}\``,
    ...readLines(coverage),
    `- Model: ${model === undefined ? `none${absence}` : codeSpan(model)}${cost ? `, ${costWords(cost)}` : ""}`,
    `- Analysers: ${analysers.length > 0 ? analysers.map(sanitizeInline).join(", ") : "none"}`,
    ...(tookMs === undefined ? [] : [`- Time: ${thousands(Math.ceil(tookMs / 1_000))} s`]),
    ...failures.slice(0, mostFailures).map((failure) => `- Failed: ${sanitizeInline(clip(failure, 300))}`),
    ...(more > 0 ? [`- Failed: ${thousands(more)} more`] : []),
    ...(hidden.belowMinimum > 0
      ? [
          `- Not shown: ${count(hidden.belowMinimum, "finding")} below the severity or outside the categories set in \`.nectr.yml\``,
        ]
      : []),
    ...(hidden.dismissed > 0 ? [`- Not shown: ${count(hidden.dismissed, "dismissed finding")}`] : []),
    ...(withheld.length > 0
      ? [`- Not shown: ${count(withheld.length, "finding")} that did not hold up on a second look`]
      : []),
  ];
}

/** Names of files shown at most; a list of all would be longer than the review. */
const mostNames = 30;

function readLines(coverage: Coverage): string[] {
  const { read = [] } = coverage;
  if (read.length === 0) return [];
  const more = read.length - mostNames;
  const names = read.slice(0, mostNames).map((path) => codeSpan(path));
  return [
    `- ${capitalised(readWord(coverage))}: ${names.join(", ")}${more > 0 ? ` and ${thousands(more)} more` : ""}`,
  ];
}

function costWords({ inputTokens, outputTokens, costUsd }: ReviewCost): string {
  const tokens = `${thousands(inputTokens)} tokens in, ${thousands(outputTokens)} out`;
  if (costUsd === undefined) return tokens;
  return `${tokens}, ${costUsd > 0 && costUsd < 0.01 ? "less than $0.01" : `$${costUsd.toFixed(2)}`}`;
}
