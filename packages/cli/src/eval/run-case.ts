import type { ModelUsage, RepositoryTools, ReviewModel } from "@nectr/model";
import {
  type AnalysersPort,
  type PlacedFinding,
  type ReviewCost,
  reviewChange,
  type Verdict,
} from "@nectr/review";
import { createModelPort } from "../review/model-port.ts";
import { modelTools } from "../review/model-tools.ts";
import { isOfSuggestion, unreadOf } from "../review/local-review.ts";
import type { EvalCase } from "./eval-case.ts";
import { judgePairs } from "./judge.ts";
import { matchPairs, type Pair } from "./match.ts";
import { type Comment, overlap } from "./span.ts";

/** One case, reviewed in one way. */
export interface CaseResult {
  readonly case: EvalCase;
  readonly verdict: Verdict;
  readonly comments: readonly Comment[];
  /** Findings without a line, which a summary tells. They are in no figure. */
  readonly inSummary: number;
  readonly pairs: readonly Pair[];
  /** Undefined where no judge was asked. */
  readonly judged: readonly Pair[] | undefined;
  readonly judgeUsage: readonly ModelUsage[];
  readonly cost: ReviewCost | undefined;
  readonly unread: readonly string[];
  /** Why suggestions are not shown: what they stand for was read. */
  readonly suggestionsLeftOut: readonly string[];
}

export interface Reviewers {
  readonly analysers: AnalysersPort;
  /** Undefined: the analysers alone. */
  readonly model: ReviewModel | undefined;
  readonly judge: ReviewModel | undefined;
  readonly lenses: boolean;
  readonly tell: (line: string) => void;
  readonly warn: (line: string) => void;
}

/** Reviews one case, and tells which comments say what was expected. @throws ModelError of the judge */
export async function runCase(reviewers: Reviewers, one: EvalCase): Promise<CaseResult> {
  const { analysers, model, judge, lenses, tell, warn } = reviewers;
  const tools = one.place === undefined ? readOnly(one) : modelTools(one.place, one.readTexts);
  const review = await reviewChange(
    {
      readTexts: one.readTexts,
      analysers,
      model: model && createModelPort(model, { tools, budgetUsd: undefined, onTrouble: warn }),
      onProgress: tell,
    },
    one.change,
    { lenses },
  );
  const comments = review.findings.flatMap(commentOf);
  const { expected } = one;
  const unread = unreadOf({ review });
  const judgement = judge && (await judgePairs(judge, comments, expected));
  return {
    case: one,
    verdict: review.verdict,
    comments,
    inSummary: review.findings.length - comments.length,
    pairs: pairsByLine(comments, expected),
    judged: judgement && matchPairs(comments.length, expected.length, judgement.fits),
    judgeUsage: judgement?.usage ?? [],
    cost: review.cost,
    unread: unread.filter((each) => !isOfSuggestion(each)),
    suggestionsLeftOut: unread.filter(isOfSuggestion),
  };
}

/** Of a case without a repository there are the changed files, and nothing else. */
function readOnly({ readTexts }: EvalCase): RepositoryTools {
  return { readFile: async (path) => (await readTexts("head", [path])).get(path) };
}

/** What people would see on a line of the diff. */
function commentOf(finding: PlacedFinding): Comment[] {
  const { placement, severity, category, fingerprint, title, body } = finding;
  if (placement.kind === "summary") return [];
  const { path, side = "new", line, startLine = line } = placement;
  return [{ path, side, startLine, endLine: line, severity, category, fingerprint, title, body }];
}

type Spans = readonly Parameters<typeof overlap>[0][];

export function pairsByLine(comments: Spans, expected: Spans): Pair[] {
  return matchPairs(comments.length, expected.length, (comment, at) => {
    const [a, b] = [comments[comment], expected[at]];
    return a !== undefined && b !== undefined && overlap(a, b);
  });
}
