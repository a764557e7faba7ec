import { z } from "zod";

/** What a model is asked to answer with when it checks claims about a change, one by one. */
export const checkAnswerSchema = z.object({
  checks: z.array(
    z.object({
      claim: z.number().describe("The claim's number."),
      verdict: z.enum(["confirmed", "unsure", "rejected"]),
      confidence: z.number().describe("How sure you are that the claim is true, from 0 to 100."),
      reason: z.string().describe("One sentence: what in the code shows it."),
    }),
  ),
});

export type CheckAnswer = z.infer<typeof checkAnswerSchema>;
