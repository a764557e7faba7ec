import type { ModelAnswer } from "./model-answer.ts";

/** Text that can be stored as JSON: PostgreSQL's jsonb refuses the zero character and halves of characters. */
export function cleanText(text: string): string {
  return text.toWellFormed().replaceAll("\0", "");
}

/** A value made of plain objects, arrays and primitives, each string of which is `cleanText`. */
export function cleanStrings<T>(value: T): T {
  // Only strings change, and into strings: the shape stays as it was.
  return cleaned(value) as T;
}

function cleaned(value: unknown): unknown {
  if (typeof value === "string") return cleanText(value);
  if (Array.isArray(value)) return value.map(cleaned);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, cleaned(each)]));
}

/** A model's answer that can be stored: models write what they read, and half characters of their own. */
export function cleanAnswer(answer: ModelAnswer): ModelAnswer {
  return cleanStrings(answer);
}
