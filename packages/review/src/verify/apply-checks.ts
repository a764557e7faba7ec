import { clip } from "../clip.ts";
import { cleanText } from "../findings/clean-text.ts";
import type { Finding, FindingOrigin, WithheldFinding } from "../model.ts";
import type { CheckQuestion } from "./build-checks.ts";
import type { CheckAnswer } from "./check-answer.ts";
import { maskSecrets } from "../secrets/mask-secrets.ts";

/** What was asked, and what was said; undefined where nobody answered. */
export interface AnsweredCheck extends CheckQuestion {
  readonly answer: CheckAnswer | undefined;
}

export interface CheckedFindings<F> {
  readonly kept: readonly F[];
  readonly withheld: readonly WithheldFinding[];
  /** A sentence where findings could not be checked. */
  readonly problems: readonly string[];
}

type Check = NonNullable<FindingOrigin["check"]>;

/** Longest reason that is kept, in characters. */
const longestReason = 400;

/**
 * Takes the answers to `buildChecks` over: each finding gets its check, and the confidence that it says. What is
 * rejected, or less sure than the threshold, is withheld; what nobody checked goes by its own confidence.
 *
 * A check says whether a finding is true; of its severity it says nothing, so it can't raise one.
 *
 * @param threshold least confidence, from 0 to 1, by path
 */
export function applyChecks<F extends Finding>(
  findings: readonly F[],
  answered: readonly AnsweredCheck[],
  { threshold }: { readonly threshold: (path: string) => number },
): CheckedFindings<F> {
  const checks = new Map(answered.flatMap(checksOf));
  const kept: F[] = [];
  const withheld: WithheldFinding[] = [];
  for (const [index, finding] of findings.entries()) {
    const check = checks.get(index + 1);
    const checked = check ? withCheck(finding, check) : finding;
    const least = threshold(finding.path);
    const reason = check ? reasonToWithhold(finding, check, least) : reasonUnchecked(finding, least);
    if (reason === undefined) kept.push(checked);
    else withheld.push({ finding: checked, reason });
  }
  return { kept, withheld, problems: problemsOf(findings.length - checks.size) };
}

/** By claim. Numbers that were not asked for are passed over; of several checks of one claim the first counts. */
function checksOf({ question, claims, answer }: AnsweredCheck): [claim: number, check: Check][] {
  if (!answer) return [];
  const asked = new Set(claims);
  const scale = scaleOf(answer);
  const said = new Map<number, Check>();
  for (const { claim, verdict, confidence, reason } of answer.checks) {
    if (!asked.has(claim) || said.has(claim) || Number.isNaN(confidence)) continue;
    said.set(claim, {
      question: question.name,
      verdict,
      confidence: Math.min(Math.max(confidence / scale, 0), 1),
      reason: clip(maskSecrets(cleanText(reason)).replace(/\s+/g, " ").trim(), longestReason),
    });
  }
  return [...said];
}

/** Asked for a number to 100, some models answer with one to 1: then none is above it, and some are between. */
function scaleOf({ checks }: CheckAnswer): number {
  const numbers = checks.map(({ confidence }) => confidence);
  return numbers.every((each) => each <= 1) && numbers.some((each) => each > 0 && each < 1) ? 1 : 100;
}

function withCheck<F extends Finding>(finding: F, check: Check): F {
  // A fixed rule is as sure as it was made, and has no answer that it comes from.
  if (finding.source === "analyser") return finding;
  const { origin } = finding;
  return { ...finding, confidence: check.confidence, ...(origin && { origin: { ...origin, check } }) };
}

/**
 * Why a checked finding is not shown. Of an analyser's only what is rejected outright; and of those never a secret, or
 * another finding of security: the checker reads text of the pull request, which could talk it into passing them over.
 */
function reasonToWithhold(finding: Finding, check: Check, threshold: number): string | undefined {
  const because = check.reason === "" ? "" : `: ${check.reason}`;
  if (finding.source === "analyser") {
    const mustStay = finding.category === "security" || finding.rule.startsWith("secrets/");
    return check.verdict === "rejected" && !mustStay ? `the second check rejected it${because}` : undefined;
  }
  if (check.verdict === "rejected") return `the second check rejected it${because}`;
  if (check.confidence >= threshold) return undefined;
  return `the second check is ${percent(check.confidence)} sure of it, where ${percent(threshold)} are asked for${because}`;
}

/** What nobody checked is shown where its finder was as sure as a check would have to be. */
function reasonUnchecked({ confidence = 1 }: Finding, threshold: number): string | undefined {
  if (confidence >= threshold) return undefined;
  return `nobody checked it, and its finder is ${percent(confidence)} sure of it, where ${percent(threshold)} are asked for`;
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

function problemsOf(unchecked: number): string[] {
  if (unchecked === 0) return [];
  const what = unchecked === 1 ? "1 finding was" : `${unchecked} findings were`;
  return [`${what} not checked a second time`];
}
