import type { FileDiff, Finding, WithheldFinding } from "../model.ts";
import { type FileIndex, type HeadCode, indexFiles } from "../placement/file-index.ts";
import { namedLines } from "../placement/find-quote.ts";
import { symbolAt } from "../placement/scope-tree.ts";
import { nearestNumber } from "../placement/sorted.ts";
import { createQuoteSearch } from "./quote-search.ts";

/** What a finding's confidence is multiplied with where its lines do not show that the change brought it in. */
const doubt = 0.5;

/** What a model says without having said how sure it is. */
const unsaid = 0.6;

export interface Prechecked<F> {
  readonly kept: readonly F[];
  readonly withheld: readonly WithheldFinding[];
}

/**
 * Checks what the model found by the code alone: its file is in the change, the code that it quotes is in the file,
 * and its lines are new in this change. Lines that only stand beside changed ones, in the same function or hunk, may
 * be what the change broke: such a finding stays, less sure. What can't be told is not held against a finding.
 *
 * Findings of analysers stay as they are. They were made on the code itself and compared with the text before; of
 * untouched lines they speak only where the change made something of them.
 */
export function precheck<F extends Finding>(
  findings: readonly F[],
  { files, ...head }: HeadCode & { readonly files: readonly FileDiff[] },
): Prechecked<F> {
  const fileOf = indexFiles(files, head);
  const quotes = createQuoteSearch(head.texts);
  const kept: F[] = [];
  const withheld: WithheldFinding[] = [];
  for (const finding of findings) {
    const outcome = finding.source === "analyser" ? "sound" : judge(finding, fileOf(finding.path), quotes);
    if (outcome === "sound") kept.push(finding);
    else if (outcome === "doubtful") {
      kept.push({ ...finding, confidence: (finding.confidence ?? unsaid) * doubt });
    } else withheld.push({ finding, reason: outcome.fault });
  }
  return { kept, withheld };
}

type Outcome = "sound" | "doubtful" | { readonly fault: string };

function judge(
  finding: Finding,
  index: FileIndex | undefined,
  holdsQuote: ReturnType<typeof createQuoteSearch>,
): Outcome {
  if (!index) return { fault: "its file is not part of this change" };
  const quoted = holdsQuote(finding, index);
  if (quoted === false) return { fault: "the code that it quotes is not in the file" };
  const novelty = noveltyOf(finding, index);
  if (novelty === "old") return { fault: "it is about code that this change does not touch" };
  return novelty === "new" && quoted === true ? "sound" : "doubtful";
}

/** Whether a finding's lines are touched by the change, stand beside what is, or are as they were. */
function noveltyOf(finding: Finding, index: FileIndex): "new" | "beside" | "old" {
  const lines = namedLines(finding);
  // The change is not known by its lines: it was too large for GitHub to show.
  if (index.file.patchMissing) return "beside";
  const changed = index.changed(lines.side);
  const touches = (start: number, end: number): boolean =>
    nearestNumber(changed, start, { start, end }) !== undefined;
  if (touches(lines.start, lines.end)) return "new";
  const scopes = index.scopesAt().of;
  const symbol = lines.side === "new" && scopes ? symbolAt(lines.start, scopes) : [];
  if (symbol.some(({ startLine, endLine }) => touches(startLine, endLine))) return "beside";
  if (symbol.length > 0) return "old";
  const hunk = index.ranges(lines.side).some(({ start, end }) => start <= lines.end && lines.start <= end);
  return hunk ? "beside" : "old";
}
