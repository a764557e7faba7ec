import { type CheckAnswer, type ModelAnswer, modelAnswerSchema } from "@nectr/review";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { textForms } from "./text-form.ts";

/** What the protocol itself is made of, and what models put around it. */
const awkward = fc.constantFrom(
  "END",
  "FINDING",
  "SUMMARY",
  "BODY",
  "QUOTE",
  "SUGGESTION",
  "CHECK 3",
  "NO FINDINGS",
  "NO CHECKS",
  "**END**",
  "## FINDING 2:",
  "\\END",
  "\\\\BODY",
  "```",
  "```ts",
  "\\```",
  "",
  " ",
  "\\",
  "path: a",
  "title: x",
  '"quoted"',
  "`code`",
  "  indented",
  "text\r",
  "\u2028",
  "- severity: nit",
  "\\ ",
);
const anyText = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.array(fc.oneof(awkward, fc.string()), { maxLength: 6 }).map((lines) => lines.join("\n")),
  fc.array(awkward, { maxLength: 4 }).map((lines) => lines.join("\r\n")),
);
/** Numbers as JSON has them. */
const anyNumber = fc
  .oneof(fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true }))
  .map((value) => (Object.is(value, -0) ? 0 : value));

const { severity, category } = modelAnswerSchema.shape.findings.element.shape;
const anyReview: fc.Arbitrary<ModelAnswer> = fc.record({
  summary: anyText,
  findings: fc.array(
    fc.record({
      path: anyText,
      side: fc.constantFrom("new" as const, "old" as const),
      startLine: anyNumber,
      endLine: anyNumber,
      quote: anyText,
      severity: fc.constantFrom(...severity.options),
      category: fc.constantFrom(...category.options),
      title: anyText,
      body: anyText,
      suggestion: fc.option(anyText),
      confidence: fc.constantFrom("high" as const, "medium" as const, "low" as const),
    }),
    { maxLength: 4 },
  ),
});
const anyChecks: fc.Arbitrary<CheckAnswer> = fc.record({
  checks: fc.array(
    fc.record({
      claim: anyNumber,
      verdict: fc.constantFrom("confirmed" as const, "unsure" as const, "rejected" as const),
      confidence: anyNumber,
      reason: anyText,
    }),
    { maxLength: 4 },
  ),
});

test("any review that is written so is read as itself", () => {
  const { render, parse } = textForms.review;
  fc.assert(
    fc.property(anyReview, (answer) => {
      expect(parse(render(answer))).toEqual({ answer });
    }),
  );
});

test("any checks that are written so are read as themselves", () => {
  const { render, parse } = textForms.checks;
  fc.assert(
    fc.property(anyChecks, (answer) => {
      expect(parse(render(answer))).toEqual({ answer });
    }),
  );
});

test("with line ends of CRLF, as some servers write them, a review is the same", () => {
  const { render, parse } = textForms.review;
  const text = render(review).replaceAll("\n", "\r\n");
  expect(parse(text)).toEqual({ answer: review });
});

test("whatever is written is an answer or a problem, and never an exception", () => {
  const chunks = fc.array(fc.oneof(awkward, anyText), { maxLength: 12 });
  fc.assert(
    fc.property(chunks, (lines) => {
      for (const { parse } of Object.values(textForms)) {
        const parsed = parse(lines.join("\n"));
        expect("answer" in parsed || parsed.problem.length > 10).toBe(true);
      }
    }),
  );
});

const review: ModelAnswer = {
  summary: "Adds a discount. One defect.",
  findings: [
    {
      path: "src/cart.ts",
      side: "new",
      startLine: 4,
      endLine: 6,
      quote: "  total - discount\n  END",
      severity: "moderate",
      category: "correctness",
      title: "The discount is applied twice",
      body: "Both subtract it.\n\n```ts\npay(total)\n```",
      suggestion: "  return total;",
      confidence: "high",
    },
  ],
};

describe("as models write it", () => {
  const { parse } = textForms.review;
  const written = `Let me look at this.
SUMMARY
Adds a discount.

**FINDING 1**
- **path:** \`src/cart.ts\`
- lines: L4 to L6
- Severity: Moderate
- category: correctness
- title: "The discount is applied twice"
QUOTE
\`\`\`ts
  total - discount
\`\`\`
BODY

Both subtract it.

## END
I hope this helps.`;

  test("with Markdown, talk, missing ENDs and fields left out, it is read", () => {
    expect(parse(written)).toEqual({
      answer: {
        summary: "Adds a discount.",
        findings: [
          {
            ...review.findings[0],
            quote: "  total - discount",
            body: "Both subtract it.",
            suggestion: null,
            confidence: "medium",
          },
        ],
      },
    });
  });

  test.each([
    ["", "no line NO FINDINGS"],
    ["The change looks good to me.", "no line NO FINDINGS"],
    // What is cut off after its first words does not pass for a review without findings.
    ["SUMMARY\nAdds a discount.\nEND", "no line NO FINDINGS"],
    [written.replace("Moderate", "terrible"), "FINDING 1 cannot be read: severity: "],
    [written.replace("L4 to L6", "somewhere"), "FINDING 1 cannot be read: lines: "],
    [written.replace("BODY", ""), "FINDING 1 cannot be read: body: "],
  ])("%j is no review, and the problem says why", (text, problem) => {
    expect(parse(text)).toEqual({ problem: expect.stringContaining(problem) });
  });

  test("a check's number may stand behind its word, and its confidence have a sign", () => {
    const text = "CHECK 3\nverdict: Confirmed\nconfidence: 90 %\nreason: The total is\nnegative then.\nEND";
    expect(textForms.checks.parse(text)).toEqual({
      answer: {
        checks: [{ claim: 3, verdict: "confirmed", confidence: 90, reason: "The total is\nnegative then." }],
      },
    });
  });

  test("checks without a verdict are none", () => {
    expect(textForms.checks.parse("All claims are true.")).toEqual({ problem: "it has no CHECK block" });
    expect(textForms.checks.parse("CHECK 1\nconfidence: 90\nreason: So it is.\nEND")).toEqual({
      problem: expect.stringContaining("verdict"),
    });
  });
});
