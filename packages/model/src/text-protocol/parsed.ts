import type { ZodError } from "zod";

/** What became of a plain-text answer. The problem is said to the model, and names no more than the protocol's words. */
export type Parsed<Answer> = { readonly answer: Answer } | { readonly problem: string };

/** The protocol's own names for what is not called so in the answer's schema. */
const fields: Readonly<Record<string, string>> = { startLine: "lines", endLine: "lines" };

export function problemOf(error: ZodError): string {
  const problems = error.issues.map(({ path, message }) => {
    const name = String(path[0]);
    return `${fields[name] ?? name}: ${message}`;
  });
  return [...new Set(problems)].join("; ");
}
