import { clip } from "../clip.ts";
import type { FileDiff, Finding } from "../model.ts";
import { countTokens } from "../tokens.ts";
import { fence } from "./fence.ts";
import { oneLine } from "./one-line.ts";

/** Tokens that the analysers' findings may take in one prompt. */
const mostTokens = 2_000;

/** What fixed rules found in the chunk's files, the worst first as they are given; "" where they found nothing. */
export function describeEvidence(
  findings: readonly Finding[],
  files: readonly Pick<FileDiff, "path">[],
): string {
  const paths = new Set(files.map(({ path }) => path));
  const here = findings.filter(({ path }) => paths.has(path));
  const shown: string[] = [];
  let room = mostTokens;
  for (const finding of here) {
    const line = entry(finding);
    room -= countTokens(`${line}\n`);
    if (room < 0) break;
    shown.push(line);
  }
  if (shown.length === 0) return "";
  const more = here.length - shown.length;
  return [
    "Found by fixed rules, and reported already: do not report these again. What follows from one that its rule cannot know is a finding of its own.",
    fence("rule-findings", shown.join("\n")),
    ...(more > 0 ? [`${more} more are not shown here.`] : []),
  ].join("\n");
}

function entry({ path, startLine, rule, title }: Finding): string {
  return `${clip(oneLine(path), 300)}:${startLine}: ${oneLine(title)} (${rule})`;
}
