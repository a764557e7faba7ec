import { type AnswerKind, type Answers, modelAnswerSchema } from "@nectr/review";
import { parseChecksText, renderChecksText } from "./checks-text.ts";
import type { Parsed } from "./parsed.ts";
import { parseReviewText, renderReviewText } from "./review-text.ts";

/** How an answer of one kind is written in plain text. */
interface TextForm<Answer> {
  /** What is said to the model of it. */
  readonly description: string;
  readonly render: (answer: Answer) => string;
  readonly parse: (text: string) => Parsed<Answer>;
}

const { severity, category } = modelAnswerSchema.shape.findings.element.shape;

const rules = `Begin each word in capitals on a line of its own, and end each block with END. Where a line of a text is such a word by itself, write a backslash before it. Write nothing after the last block, and use no JSON.`;

export const textForms: { readonly [Kind in AnswerKind]: TextForm<Answers[Kind]> } = {
  review: {
    description: `The form of the answer
Answer in plain text: a SUMMARY block, and then one FINDING block for each finding, or the line NO FINDINGS where there is none.

${renderReviewText({
  summary: "Two or three sentences: what the change does, and how sound it is.",
  findings: [
    {
      path: "the file's path, exactly as shown",
      side: "new",
      startLine: 10,
      endLine: 12,
      severity: "moderate",
      category: "correctness",
      confidence: "high",
      title: "the defect in one line of at most 80 characters",
      quote: "the code of these lines (the first three at most), copied exactly, without numbers and marks",
      body: "Markdown: what is wrong, when it happens and what follows, and how to repair it.",
      suggestion:
        "lines to stand in place of these lines, complete and indented; without one, leave SUGGESTION out",
    },
  ],
})}

side is new or old (old for removed lines); severity one of ${severity.options.join(", ")}; category one of ${category.options.join(", ")}; confidence high, medium or low. ${rules}`,
    render: renderReviewText,
    parse: parseReviewText,
  },
  checks: {
    description: `The form of the answer
Answer in plain text: one CHECK block for each claim.

${renderChecksText({
  checks: [
    {
      claim: 1,
      verdict: "confirmed",
      confidence: 90,
      reason: "one sentence: what in the code shows it",
    },
  ],
})}

claim is the claim's number; verdict confirmed, unsure or rejected; confidence how sure you are that the claim is true, from 0 to 100. ${rules}`,
    render: renderChecksText,
    parse: parseChecksText,
  },
};
