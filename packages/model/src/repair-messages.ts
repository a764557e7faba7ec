import type { AnswerKind } from "@nectr/review";
import { type ModelMessage, NoObjectGeneratedError } from "ai";
import { type AnswerForm, isCutOff } from "./answer-form.ts";
import { UnusableText } from "./unusable-text.ts";

/** What the model wrote, what was wrong with it, and how to mend that. */
export function repairMessages(error: unknown, { answers }: AnswerForm, kind: AnswerKind): ModelMessage[] {
  const written = writtenIn(error);
  const asked = kind === "review" ? "the review" : "the checks";
  const form =
    answers === "schema"
      ? `with ${asked} as one JSON object of the requested schema, and with nothing before or after it.`
      : `with ${asked} in the blocks that were described, and with nothing before or after them.`;
  return [
    ...(written.trim() === "" ? [] : [{ role: "assistant" as const, content: written }]),
    { role: "user", content: `That answer cannot be used: ${problemOf(error)} Answer again ${form}` },
  ];
}

function writtenIn(error: unknown): string {
  if (error instanceof UnusableText) return error.text;
  return NoObjectGeneratedError.isInstance(error) ? (error.text ?? "") : "";
}

function problemOf(error: unknown): string {
  if (isCutOff(error)) return "it was cut off at the length limit, so be shorter.";
  if (error instanceof UnusableText) return `${error.message}.`;
  if (!NoObjectGeneratedError.isInstance(error)) return "it contains nothing of what was asked for.";
  const cause = error.cause instanceof Error ? error.cause.message : error.message;
  return `${cause.slice(-1_000)}.`;
}
