import { clip, firstCharacters } from "../clip.ts";
import type { Finding } from "../model.ts";
import { cleanAnswer } from "./clean-text.ts";
import type { ModelAnswer, ModelFinding } from "./model-answer.ts";

/** Longest quote, title, body and suggestion, in characters. */
const longestQuote = 1_000;
const longestTitle = 120;
const longestBody = 4_000;
const longestSuggestion = 4_000;

/** What a model's word for how sure it is counts as, until the finding is checked. */
const confidences: Record<ModelFinding["confidence"], number> = { high: 0.9, medium: 0.6, low: 0.3 };

export interface ModelFindings {
  readonly findings: readonly Finding[];
  /** One sentence for each finding that could not be used, or not in full. */
  readonly problems: readonly string[];
}

/**
 * Turns a model's answer into findings. Reversed ranges are turned round and long texts cut. Nothing
 * disappears silently: a finding without a file, a line or a text is told in `problems`. What the model itself
 * is not sure of is at most of minor severity, so that a guess never holds a pull request up.
 *
 * @param question the name of the question that was answered: with it a finding tells where it comes from
 */
export function toFindings(answer: ModelAnswer, question?: string): ModelFindings {
  const findings: Finding[] = [];
  const problems: string[] = [];
  for (const [index, each] of cleanAnswer(answer).findings.entries()) {
    const name = `The model's finding ${index + 1} (${clip(oneLine(each.title), 60) || "without a title"})`;
    const fault = faultOf(each);
    if (fault) {
      problems.push(`${name} could not be used: ${fault}.`);
      continue;
    }
    const suggestion = suggestionOf(each);
    if (suggestion !== undefined && suggestion.length > longestSuggestion) {
      problems.push(`${name} is shown without its suggestion, which is too long.`);
    }
    const finding = toFinding(each, suggestion);
    const saidLines = [finding.startLine, finding.endLine] as const;
    findings.push(question === undefined ? finding : { ...finding, origin: { question, index, saidLines } });
  }
  return { findings, problems };
}

function faultOf(finding: ModelFinding): string | undefined {
  if (cleanPath(finding.path) === "") return "it names no file";
  if (!isLine(finding.startLine) || !isLine(finding.endLine)) return "it names no line";
  if (oneLine(finding.title) === "" && finding.body.trim() === "") return "it says nothing";
  return undefined;
}

function toFinding(finding: ModelFinding, suggestion: string | undefined): Finding {
  const body = finding.body.trim();
  const usable = suggestion !== undefined && suggestion.length <= longestSuggestion;
  return {
    source: "model",
    rule: "model",
    severity: finding.confidence === "low" ? atMostMinor(finding.severity) : finding.severity,
    category: finding.category,
    path: cleanPath(finding.path),
    ...(finding.side === "old" ? { side: finding.side } : {}),
    startLine: Math.min(finding.startLine, finding.endLine),
    endLine: Math.max(finding.startLine, finding.endLine),
    ...(finding.quote.trim() === "" ? {} : { quote: firstCharacters(finding.quote, longestQuote) }),
    confidence: confidences[finding.confidence],
    title: clip(oneLine(finding.title) || oneLine(body), longestTitle),
    body: clip(body, longestBody),
    ...(usable ? { suggestion } : {}),
  };
}

/** The suggested lines, out of the fence that models like to put around them; none where there is nothing. */
function suggestionOf({ suggestion }: ModelFinding): string | undefined {
  if (suggestion === null) return undefined;
  const text = suggestion.replace(/\r\n?/g, "\n");
  const fenced = /^\s*(`{3,}|~{3,})[^\n]*\n([\s\S]*?)\n?\1\s*$/.exec(text);
  const lines = (fenced?.[2] ?? text).replace(/\n+$/, "");
  return lines.trim() === "" ? undefined : lines;
}

function atMostMinor(severity: Finding["severity"]): Finding["severity"] {
  return severity === "nit" ? "nit" : "minor";
}

function isLine(line: number): boolean {
  return Number.isSafeInteger(line) && line >= 1;
}

function cleanPath(path: string): string {
  return path.trim().replace(/^(?:\.?\/)+/, "");
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}
