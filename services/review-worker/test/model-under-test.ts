import { createReviewModel, type ReviewModel } from "@nectr/model";
import type { ScriptedAnswer, ScriptedModel } from "@nectr/model/testing";

/** The review model that asks a scripted server. @param price US dollars for a million tokens. */
export function modelAt(server: ScriptedModel, price?: { input: number; output: number }): ReviewModel {
  const model = createReviewModel({
    openai: { baseUrl: server.baseUrl, models: ["scripted"] },
    ...(price && { prices: [price] }),
  });
  if (model === undefined) throw new Error("a model is configured");
  return model;
}

/** Not there, and nothing is gained by asking again within seconds. */
export const down: ScriptedAnswer = {
  status: 503,
  message: "upstream 10.0.0.7 is gone",
  headers: { "retry-after-ms": "1" },
};

export const nothingFound = { summary: "Sound.", findings: [] };

/** A review with one finding in the second line of a file. */
export function oneFinding(path: string) {
  return {
    summary: "One defect.",
    findings: [
      {
        path,
        startLine: 2,
        endLine: 2,
        severity: "minor" as const,
        category: "correctness" as const,
        title: "Overflows",
        body: "For large values.",
        suggestion: null,
        side: "new" as const,
        quote: "",
        confidence: "high" as const,
      },
    ],
  };
}

/** A file that nearly fills what a model is shown at once: each one is a chunk of its own. */
export function large(name: string): string {
  return Array.from(
    { length: 1_520 },
    (_, index) => `export const ${name}${index} = value(${index});\n`,
  ).join("");
}
