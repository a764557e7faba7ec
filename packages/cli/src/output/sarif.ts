import type { PlacedFinding, Severity } from "@nectr/review";
import type { Fix, Location, Log, Notification, ReportingDescriptor, Result } from "sarif";
import { isUnexpected, type LocalReview, unreadOf } from "../review/local-review.ts";
import { printableJson } from "./plain-text.ts";

/** The three levels that SARIF has for what is wrong. */
const levels: Readonly<Record<Severity, "error" | "warning" | "note">> = {
  critical: "error",
  moderate: "warning",
  minor: "note",
  nit: "note",
};

/** From 0 to 100: SARIF's `rank`, in which our four severities stay apart. */
const ranks: Readonly<Record<Severity, number>> = { critical: 95, moderate: 70, minor: 40, nit: 10 };

/** By which GitHub's code scanning ranks what is about security, from 0 to 10. */
const securitySeverities: Readonly<Record<Severity, string>> = {
  critical: "9.0",
  moderate: "6.0",
  minor: "3.0",
  nit: "1.0",
};

const sourceRoot = "%SRCROOT%";

/** The review as SARIF 2.1.0: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html */
export function renderSarif(local: LocalReview): string {
  return `${printableJson(sarifOf(local))}\n`;
}

export function sarifOf(local: LocalReview): Log {
  const { review, range } = local;
  const rules = rulesOf(review.findings);
  const indexes = new Map(rules.map(({ id }, index) => [id, index]));
  return {
    $schema: "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: { driver: { name: "Nectr", rules } },
        // GitHub keeps runs of different ids apart; what follows the last slash is this run's own.
        automationDetails: { id: `nectr/review/${range.headSha}` },
        originalUriBaseIds: { [sourceRoot]: { description: { text: "The top of the repository." } } },
        columnKind: "utf16CodeUnits",
        invocations: [
          {
            executionSuccessful: unreadOf(local).length === 0,
            toolExecutionNotifications: notifications(local),
          },
        ],
        results: review.findings.map((finding) => resultOf(finding, indexes.get(ruleId(finding)))),
      },
    ],
  };
}

function rulesOf(findings: readonly PlacedFinding[]): ReportingDescriptor[] {
  return [...Map.groupBy(findings, ruleId)].flatMap(([id, [first]]) => {
    if (first === undefined) return [];
    const { source, category, title, severity } = first;
    return [
      {
        id,
        shortDescription: { text: source === "model" ? `A finding of the model: ${category}` : title },
        defaultConfiguration: { level: levels[severity] },
        properties: {
          tags: [category],
          ...(category === "security" && { "security-severity": securitySeverities[severity] }),
        },
      },
    ];
  });
}

/** A model has no rules: what it finds is told apart by its kind. */
function ruleId({ source, rule, category }: PlacedFinding): string {
  return source === "model" ? `model/${category}` : rule;
}

function resultOf(finding: PlacedFinding, ruleIndex: number | undefined): Result {
  const { severity, category, title, body, source, confidence, suggestion } = finding;
  return {
    ruleId: ruleId(finding),
    ...(ruleIndex !== undefined && { ruleIndex }),
    level: levels[severity],
    rank: ranks[severity],
    message: { text: `${title}\n\n${body}`, markdown: `**${title}**\n\n${body}` },
    locations: [locationOf(finding)],
    partialFingerprints: { "nectrFingerprint/v1": finding.fingerprint },
    ...(suggestion !== undefined && finding.side !== "old" && { fixes: [fixOf(finding, suggestion)] }),
    properties: { severity, category, source, ...(confidence !== undefined && { confidence }) },
  };
}

/** A removed line is no line of the file as it is: then the file alone is named. */
function locationOf(finding: PlacedFinding): Location {
  const { startLine, endLine, side } = finding;
  const artifactLocation = artifact(finding.path);
  if (side === "old") return { physicalLocation: { artifactLocation } };
  return { physicalLocation: { artifactLocation, region: { startLine, endLine } } };
}

/** Without columns a region holds its lines up to, and without, the last one's end. */
function fixOf({ path, startLine, endLine }: PlacedFinding, suggestion: string): Fix {
  const text = suggestion.replace(/\r?\n$/, "");
  const lines = { startLine, startColumn: 1, endLine };
  // Lines that are taken away go with their line end: they end where the next one begins.
  const deletedRegion = text === "" ? { ...lines, endLine: endLine + 1, endColumn: 1 } : lines;
  const replacements = [{ deletedRegion, insertedContent: { text } }];
  return {
    description: { text: "The lines that should stand there instead." },
    artifactChanges: [{ artifactLocation: artifact(path), replacements }],
  };
}

/** What was left out, and what failed: a reader of the results must see that they are not all. */
function notifications({ review: { coverage }, untracked, ...local }: LocalReview): Notification[] {
  const { skipped, failures, model, modelAbsence, modelTroubles = [] } = coverage;
  const silent =
    model === undefined ? [`The analysers reviewed alone: ${modelAbsence ?? "no model was asked"}`] : [];
  return [
    ...skipped.map((file): Notification => ({
      level: isUnexpected(file) ? "warning" : "note",
      message: { text: `Not read: ${file.reason}` },
      locations: [{ physicalLocation: { artifactLocation: artifact(file.path) } }],
    })),
    ...[...failures, ...modelTroubles].map((text): Notification => ({ level: "warning", message: { text } })),
    ...silent.map((text): Notification => ({
      level: local.withModel ? "warning" : "note",
      message: { text },
    })),
    ...untracked.map((path): Notification => ({
      level: "note",
      message: { text: "Not read: git does not track it" },
      locations: [{ physicalLocation: { artifactLocation: artifact(path) } }],
    })),
  ];
}

function artifact(path: string) {
  const uri = path.toWellFormed().split("/").map(encodeURIComponent).join("/");
  return { uri, uriBaseId: sourceRoot };
}
