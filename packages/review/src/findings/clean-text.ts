import { createSecretMask } from "../secrets/known-secrets.ts";
import { maskSecrets } from "../secrets/mask-secrets.ts";
import type { ModelAnswer } from "./model-answer.ts";

/** Text that can be stored as JSON: PostgreSQL's jsonb refuses the zero character and halves of characters. */
export function cleanText(text: string): string {
  return text.toWellFormed().replaceAll("\0", "");
}

/** A value made of plain objects, arrays and primitives, each string of which is `cleanText`. */
export function cleanStrings<T>(value: T): T {
  // Only strings change, and into strings: the shape stays as it was.
  return mapStrings(value, cleanText) as T;
}

function mapStrings(value: unknown, of: (text: string) => string): unknown {
  if (typeof value === "string") return of(value);
  if (Array.isArray(value)) return value.map((each) => mapStrings(each, of));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, mapStrings(each, of)]));
}

/**
 * A model's answer that can be stored and shown: models write what they read, secrets too, and half characters of their
 * own.
 *
 * @param mask takes secrets out of a text; by default those that are told by their form
 */
export function cleanAnswer(answer: ModelAnswer, mask: (text: string) => string = maskSecrets): ModelAnswer {
  return mapStrings(answer, (text) => mask(cleanText(text))) as ModelAnswer;
}

/** A shorter sentence may be anybody's. */
const shortestSentence = 40;

/**
 * A mask for answers that takes out secrets, and our own instructions where a model was talked into repeating them.
 *
 * @param instructions ours alone: what the team asks of its reviewer may be quoted
 */
export function createAnswerMask(instructions: string): (text: string) => string {
  const sentences = instructions
    .split(/\n|(?<=[.:]) /)
    .map((sentence) => sentence.trim())
    .filter((sentence) => sentence.length >= shortestSentence);
  return createSecretMask(sentences, () => "[instructions]");
}
