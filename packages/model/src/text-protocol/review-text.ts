import { type ModelAnswer, modelAnswerSchema, type ModelFinding } from "@nectr/review";
import { type Block, parseBlocks, writeBlock } from "./blocks.ts";
import { type Parsed, problemOf } from "./parsed.ts";

const findingSchema = modelAnswerSchema.shape.findings.element;

/** A review that is parsed as this one. */
export function renderReviewText({ summary, findings }: ModelAnswer): string {
  const found = findings.length === 0 ? ["NO FINDINGS"] : findings.map(renderFinding);
  return [writeBlock("SUMMARY", {}, { SUMMARY: summary }), ...found].join("\n\n");
}

function renderFinding(finding: ModelFinding): string {
  const { path, side, startLine, endLine, severity, category, confidence, title } = finding;
  const lines = `${startLine}-${endLine}`;
  return writeBlock(
    "FINDING",
    { path, side, lines, severity, category, confidence, title },
    {
      QUOTE: finding.quote,
      BODY: finding.body,
      ...(finding.suggestion !== null && { SUGGESTION: finding.suggestion }),
    },
  );
}

/** A review in plain text, or what is wrong with it. That there is nothing to report must be said: silence is not that. */
export function parseReviewText(text: string): Parsed<ModelAnswer> {
  const blocks = parseBlocks(text);
  const findings: ModelFinding[] = [];
  for (const [index, block] of blocks.filter(({ word }) => word === "FINDING").entries()) {
    const read = findingSchema.safeParse(findingOf(block));
    if (!read.success) return { problem: `FINDING ${index + 1} cannot be read: ${problemOf(read.error)}` };
    findings.push(read.data);
  }
  if (findings.length === 0 && !blocks.some(({ word }) => word === "NO FINDINGS")) {
    return { problem: "it has no FINDING block, and no line NO FINDINGS either" };
  }
  const summary = blocks.find(({ word }) => word === "SUMMARY")?.texts.get("summary") ?? "";
  return { answer: { summary, findings } };
}

function findingOf({ texts }: Block): Record<string, unknown> {
  const { startLine, endLine } = lineRange(texts.get("lines") ?? texts.get("line") ?? "");
  const word = (name: string) => texts.get(name)?.trim().toLowerCase();
  return {
    path: texts.get("path"),
    side: word("side") ?? "new",
    startLine,
    endLine,
    quote: texts.get("quote") ?? "",
    severity: word("severity"),
    category: word("category"),
    title: texts.get("title"),
    body: texts.get("body"),
    suggestion: texts.get("suggestion") ?? null,
    confidence: word("confidence") ?? "medium",
  };
}

const number = String.raw`-?\d+(?:\.\d+)?(?:e[+-]?\d+)?`;
const rangePattern = new RegExp(`^L?(${number})(?:\\s*(?:-|–|to)\\s*L?(${number}))?$`, "i");

/** `10-12`, `10`, and as models write it: `L10-L12`, `10 to 12`. */
function lineRange(written: string): { startLine?: number; endLine?: number } {
  const [, start, end = start] = rangePattern.exec(written.trim()) ?? [];
  return start === undefined ? {} : { startLine: Number(start), endLine: Number(end) };
}
