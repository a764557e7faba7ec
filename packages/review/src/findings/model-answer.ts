import { z } from "zod";
import { categories, severities } from "../model.ts";

/**
 * What a model is asked to answer with. Servers in strict mode refuse optional keys, defaults and bounds
 * (minimum, maxLength, pattern), so there are none: what is absent is null, and `toFindings` sees to bounds.
 */
export const modelAnswerSchema = z.object({
  summary: z.string().describe("Two or three sentences: what the change does, and how sound it is."),
  findings: z.array(
    z.object({
      path: z.string().describe("The file's path, exactly as shown."),
      side: z
        .enum(["new", "old"])
        .describe("new for lines shown with a number; old for removed lines, which begin with a minus."),
      startLine: z.number().describe("The first line of the defect, by the number shown before it."),
      endLine: z.number().describe("The last line of the defect; the same as startLine for one line."),
      quote: z
        .string()
        .describe(
          "The code of these lines (the first three at most), copied exactly, without numbers and marks.",
        ),
      severity: z.enum(severities),
      category: z.enum(categories),
      title: z.string().describe("The defect in one line of at most 80 characters, without a full stop."),
      body: z
        .string()
        .describe("Markdown: what is wrong, when it happens and what follows, and how to repair it."),
      suggestion: z
        .string()
        .nullable()
        .describe("Lines to stand in place of startLine..endLine, complete and indented; else null."),
      confidence: z.enum(["high", "medium", "low"]),
    }),
  ),
});

export type ModelAnswer = z.infer<typeof modelAnswerSchema>;
export type ModelFinding = ModelAnswer["findings"][number];
