import { clip } from "../clip.ts";
import { codeSpan, fencedBlock, isPlainCode } from "../markdown/plain-characters.ts";
import { sanitizeInline } from "../markdown/sanitize-inline.ts";
import { sanitizeMarkdown } from "../markdown/sanitize-markdown.ts";
import type { Finding, PlacedFinding } from "../model.ts";
import type { ReviewLinks } from "./location.ts";
import { findingMarker } from "./markers.ts";
import { categoryWord, severityLabel } from "./words.ts";

/** Longest body of a finding that is shown, in characters. */
const longestBody = 8_000;

/** The text of an inline comment. It names Nectr, since GitHub shows it as a person's. */
export function commentBody(finding: PlacedFinding, links: ReviewLinks): string {
  const parts = [
    `${severityLabel(finding.severity)} · **${titleOf(finding)}**`,
    finding.regressed ? "This was fixed before, and it is back." : "",
    distantLines(finding),
    findingText(finding, links),
    suggestionBlock(finding),
    `<sub>Nectr · ${findingOrigin(finding)}</sub>`,
  ];
  return `${parts.filter((part) => part !== "").join("\n\n")}\n${findingMarker(finding.fingerprint)}`;
}

/** Which lines it is about, where the comment could not be put on them. */
function distantLines({ placement, startLine, endLine }: PlacedFinding): string {
  if (placement.kind === "summary" || placement.by !== "symbol") return "";
  const lines = startLine === endLine ? `line ${startLine}` : `lines ${startLine} to ${endLine}`;
  return `About ${lines}, which the diff does not show.`;
}

/** A finding's title as Markdown; it never is empty. */
export function titleOf({ title }: Pick<Finding, "title">): string {
  return sanitizeInline(clip(title, 200)) || "Untitled";
}

/** A finding's body as Markdown fit to be posted. */
export function findingText({ body }: Finding, links: ReviewLinks): string {
  return sanitizeMarkdown(clip(body, longestBody), links);
}

/** What kind of harm, and who found it. */
export function findingOrigin({ category, source, rule }: Finding): string {
  return `${categoryWord(category)} · ${source === "model" ? "found by the model" : codeSpan(rule)}`;
}

/**
 * GitHub's block with its button to apply it. Only where it replaces exactly the lines under the comment, and
 * where its text can be shown as it is: what a reader applies must be what the reader saw.
 */
function suggestionBlock({ suggestion, placement, startLine, endLine }: PlacedFinding): string {
  if (suggestion === undefined || placement.kind !== "inline") return "";
  if ((placement.startLine ?? placement.line) !== startLine || placement.line !== endLine) return "";
  if (!isPlainCode(suggestion)) return "";
  return fencedBlock(suggestion, "suggestion");
}
