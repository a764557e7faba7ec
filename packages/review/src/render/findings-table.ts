import { codeSpan } from "../markdown/plain-characters.ts";
import type { EarlierFinding, PlacedFinding, Review, Severity } from "../model.ts";
import { titleOf } from "./comment-body.ts";
import type { CuttableList } from "./fit.ts";
import { locationLink, locationOf, type ReviewLinks } from "./location.ts";
import { count, severityLabel } from "./words.ts";

/** Every open finding in one table of two columns, which a phone shows without scrolling. */
export function findingsTable(review: Review, links: ReviewLinks): CuttableList {
  const { headSha } = review.key;
  const row = (finding: PlacedFinding, note: string): string =>
    tableRow(finding.severity, titleOf(finding), locationLink(locationOf(finding), headSha, links), note);
  return {
    before: "| Severity | Finding |\n| :-- | :-- |",
    entries: [
      ...review.findings.map((finding) => () => row(finding, noteOn(finding))),
      ...review.stillOpen.map((finding) => () => row(finding, "still open")),
      ...review.unchecked.map((finding) => () => uncheckedRow(finding)),
    ],
    leftOut: (entries) => `| | ${count(entries, "more finding")}, left out here for want of room |`,
    after: "",
  };
}

function noteOn(finding: PlacedFinding): string {
  const notes = [
    finding.regressed ? "back again" : "",
    finding.placement.kind === "summary" ? "text below" : "",
  ];
  return notes.filter((note) => note !== "").join(", ");
}

function uncheckedRow(finding: EarlierFinding): string {
  return tableRow(
    finding.severity,
    titleOf(finding),
    codeSpan(finding.path),
    "still open, not looked at again",
  );
}

function tableRow(severity: Severity, title: string, where: string, note: string): string {
  const cell = `**${title}**<br>${where}${note === "" ? "" : ` · ${note}`}`;
  return `| ${severityLabel(severity)} | ${cell.replaceAll("|", "\\|")} |`;
}
