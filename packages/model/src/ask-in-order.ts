import { type AnswerKind, countTokens } from "@nectr/review";
import { askCandidate, type Inquiry } from "./ask-candidate.ts";
import { createBill } from "./bill.ts";
import type { Candidate } from "./candidate.ts";
import { ModelError } from "./model-error.ts";
import type { ModelRequest, ModelResponse } from "./review-model.ts";

/**
 * Asks one model after the other until one answers: one that is away, refuses, or writes what cannot be used makes way
 * for the next. What those have cost is part of the answer's usage.
 *
 * @throws ModelError where none answers
 */
export async function askInOrder<Kind extends AnswerKind>(
  candidates: readonly Candidate[],
  request: ModelRequest<Kind>,
): Promise<ModelResponse<Kind>> {
  const inquiry: Inquiry<Kind> = { request, bill: createBill(), trace: [] };
  const failures: ModelError[] = [];
  for (const candidate of candidates) {
    if (failures.length > 0 && !affords(candidate, inquiry)) continue;
    try {
      const reply = await askCandidate(candidate, within(inquiry));
      const { bill, trace } = inquiry;
      return { ...reply, usage: bill.usage(), steps: bill.steps(), trace };
    } catch (error) {
      if (!(error instanceof ModelError) || isFinal(error)) throw error;
      failures.push(error);
    }
  }
  throw decisive(failures);
}

/** The question with what is left of the dollars that it may cost. */
function within<Kind extends AnswerKind>(inquiry: Inquiry<Kind>): Inquiry<Kind> {
  const { request, bill } = inquiry;
  if (request.maxCostUsd === undefined) return inquiry;
  const maxCostUsd = request.maxCostUsd - (bill.usage().costUsd ?? 0);
  return { ...inquiry, request: { ...request, maxCostUsd } };
}

/** Whether one call of the model, before any answer, keeps within what is left: it may be dearer than the one before. */
function affords({ price }: Candidate, inquiry: Inquiry<AnswerKind>): boolean {
  const { maxCostUsd, instructions, prompt } = within(inquiry).request;
  if (maxCostUsd === undefined || price === undefined) return true;
  const inputTokens = countTokens(instructions) + countTokens(prompt);
  return (inputTokens * price.input) / 1_000_000 <= maxCostUsd;
}

/** Whether no other model is to be asked: it is the caller who ended the question. */
function isFinal({ kind }: ModelError): boolean {
  return kind === "aborted" || kind === "interrupted";
}

/**
 * What is said where all have failed: that one is away, if one is, since waiting can mend that; else what the last one
 * said. The message names them all.
 */
function decisive(failures: readonly ModelError[]): ModelError {
  const away = failures.filter(({ kind }) => kind === "unavailable");
  const chosen = away[0] ?? failures.at(-1);
  const last = failures.at(-1);
  if (chosen === undefined || last === undefined) throw new Error("No model was asked");
  if (failures.length === 1) return chosen;
  const waits = away.map(({ retryAfterMs }) => retryAfterMs ?? 0);
  return new ModelError(chosen.kind, failures.map(({ message }) => message).join("; "), {
    status: chosen.status,
    // The first of them that may be back.
    retryAfterMs: waits.length === 0 ? undefined : Math.min(...waits),
    usage: last.usage,
  });
}
