import { clip } from "../clip.ts";
import { codeSpan } from "../markdown/plain-characters.ts";
import { htmlCode, inlineHtml, sanitizeInline } from "../markdown/sanitize-inline.ts";
import { sanitizeMarkdown } from "../markdown/sanitize-markdown.ts";
import type { EarlierFinding, PlacedFinding, Review } from "../model.ts";
import { findingOrigin, findingText, titleOf } from "./comment-body.ts";
import { coverageDetails } from "./coverage.ts";
import { findingsTable } from "./findings-table.ts";
import { fit, type CuttableList } from "./fit.ts";
import { locationLink, locationOf, locationText, type ReviewLinks } from "./location.ts";
import { summaryMarker } from "./markers.ts";
import { count, severityDot, shortSha, thousands, verdictWords } from "./words.ts";

/** GitHub takes 65,536 characters. */
export const longestSummary = 64_000;

/** Longest text of the review's own summary, in characters. */
const longestText = 2_000;

/**
 * The one summary comment of a pull request: the verdict, what was found, and what was read. At most 64,000
 * characters; what does not fit is left out by whole entries, and counted.
 */
export function renderSummary(review: Review, links: ReviewLinks): string {
  const { repositoryId, number, headSha } = review.key;
  return fit(
    [
      `${summaryMarker(repositoryId, number)}\n### ${verdictWords(review)}`,
      countsLine(review),
      sanitizeMarkdown(clip(review.summary, longestText), links),
      review.doubts.length > 0 ? `> ${review.doubts.join(" ")}` : "",
      findingsTable(review, links),
      findingBodies(review, links),
      fixedList(review.fixed),
      coverageDetails(review),
      `<sub>Nectr reviewed \`${shortSha(headSha)}\` and updates this comment with every push.</sub>`,
    ],
    longestSummary,
  );
}

function countsLine({ findings, stillOpen, unchecked, fixed }: Review): string {
  const open = stillOpen.length + unchecked.length;
  const parts = [
    findings.length > 0 ? `**${count(findings.length, "new finding")}**` : "",
    open > 0 ? `${thousands(open)} still open` : "",
    fixed.length > 0 ? `${thousands(fixed.length)} fixed since the last run` : "",
  ];
  return parts.filter((part) => part !== "").join(" · ");
}

/** The full text of what has no inline comment. */
function findingBodies(review: Review, links: ReviewLinks): CuttableList {
  return {
    before: "",
    entries: review.findings.flatMap((finding) => {
      const { placement } = finding;
      if (placement.kind === "inline") return [];
      return [() => findingBody(finding, placement.reason, review.key.headSha, links)];
    }),
    leftOut: (entries) => `${count(entries, "more text")} left out for want of room.`,
    after: "",
  };
}

function findingBody(finding: PlacedFinding, reason: string, headSha: string, links: ReviewLinks): string {
  const location = locationOf(finding);
  const parts = [
    `<details><summary>${severityDot(finding.severity)} ${inlineHtml(clip(finding.title, 200))} · ${htmlCode(locationText(location))}</summary>`,
    findingText(finding, links),
    `${locationLink(location, headSha, links)} · here because ${sanitizeInline(reason)}`,
    `<sub>${findingOrigin(finding)}</sub>`,
    "</details>",
  ];
  return parts.filter((part) => part !== "").join("\n\n");
}

function fixedList(fixed: readonly EarlierFinding[]): CuttableList {
  return {
    before: "<details><summary>Fixed</summary>\n",
    entries: fixed.map((finding) => () => `- ~~${titleOf(finding)}~~ ${codeSpan(finding.path)}`),
    leftOut: (entries) => `- ${thousands(entries)} more, left out here for want of room`,
    after: "\n</details>",
  };
}
