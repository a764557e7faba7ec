import { type CheckAnswer, checkAnswerSchema } from "@nectr/review";
import { type Block, parseBlocks, writeBlock } from "./blocks.ts";
import { type Parsed, problemOf } from "./parsed.ts";

const checkSchema = checkAnswerSchema.shape.checks.element;

/** Checks that are parsed as these. */
export function renderChecksText({ checks }: CheckAnswer): string {
  if (checks.length === 0) return "NO CHECKS";
  return checks
    .map(({ claim, verdict, confidence, reason }) =>
      writeBlock("CHECK", { claim, verdict, confidence, reason }),
    )
    .join("\n\n");
}

/** Checks in plain text, or what is wrong with them. */
export function parseChecksText(text: string): Parsed<CheckAnswer> {
  const blocks = parseBlocks(text);
  const checks: CheckAnswer["checks"] = [];
  for (const [index, block] of blocks.filter(({ word }) => word === "CHECK").entries()) {
    const read = checkSchema.safeParse(checkOf(block));
    if (!read.success)
      return { problem: `CHECK block ${index + 1} cannot be read: ${problemOf(read.error)}` };
    checks.push(read.data);
  }
  if (checks.length === 0 && !blocks.some(({ word }) => word === "NO CHECKS")) {
    return { problem: "it has no CHECK block" };
  }
  return { answer: { checks } };
}

function checkOf({ texts }: Block): Record<string, unknown> {
  return {
    // Some write it as `CHECK 3`.
    claim: numberOf(texts.get("claim") ?? texts.get("number")),
    verdict: texts.get("verdict")?.trim().toLowerCase(),
    confidence: numberOf(texts.get("confidence")),
    reason: texts.get("reason"),
  };
}

function numberOf(written: string | undefined): number | undefined {
  const [, digits] = /^#?(-?\d+(?:\.\d+)?(?:e[+-]?\d+)?)\s*%?$/i.exec(written?.trim() ?? "") ?? [];
  return digits === undefined ? undefined : Number(digits);
}
