import type { Category, Review, Severity } from "../model.ts";

const severityDots: Record<Severity, string> = { critical: "🔴", moderate: "🟠", minor: "🟡", nit: "🔵" };

/** The severity's dot and word, which stay on one line. */
export function severityLabel(severity: Severity): string {
  return `${severityDots[severity]}\u00A0${capitalised(severity)}`;
}

export function severityDot(severity: Severity): string {
  return severityDots[severity];
}

export function categoryWord(category: Category): string {
  return capitalised(category);
}

/** The verdict as a heading says it. */
export function verdictWords(
  review: Pick<Review, "verdict" | "findings" | "stillOpen" | "unchecked">,
): string {
  switch (review.verdict) {
    case "request_changes":
      return "⛔ Changes needed";
    case "approve":
      return "✅ No defects found";
    case "comment":
      return review.findings.length + review.stillOpen.length + review.unchecked.length > 0
        ? "💬 Worth a look, nothing blocking"
        : "⚪ Nothing found, but this is no approval";
  }
}

/** `1 file`, `2 files`, `1,234 files`. */
export function count(number: number, one: string, many = `${one}s`): string {
  return `${thousands(number)} ${number === 1 ? one : many}`;
}

/** A whole number with its thousands apart, the same in every locale. */
export function thousands(number: number): string {
  return String(Math.round(number)).replace(/\B(?=(?:\d{3})+$)/g, ",");
}

/** The commit as people write it. */
export function shortSha(headSha: string): string {
  return headSha.slice(0, 7);
}

/** With its first letter large, as a sentence begins. */
export function capitalised(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
