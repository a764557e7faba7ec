import type { AnswerKind, Answers, EnginePorts } from "@nectr/review";
import type { LargeChange } from "./large-change.ts";

const findingsPerAnswer = 5;

/** Everything that the engine asks for, at once: what is left is the engine's own work. */
export function readyPorts({ texts, scopes }: Pick<LargeChange, "texts" | "scopes">): EnginePorts {
  return {
    readTexts: async (_, paths) => new Map(paths.map((path) => [path, texts.get(path) ?? ""])),
    analysers: {
      names: ["none"],
      analyse: async () => ({ findings: [], failures: [] }),
      outline: async () => scopes,
      explainDependencies: () => undefined,
    },
    model: {
      name: "none",
      async ask({ kind, prompt }) {
        return { answer: answers[kind](prompt), model: "none" };
      },
      cost: async () => undefined,
    },
  };
}

const answers: { [Kind in AnswerKind]: (prompt: string) => Answers[Kind] } = {
  /** Something about the first added lines of the first files that are shown. */
  review: (prompt) => {
    const places = prompt.matchAll(/^=== (\S+) \((?:added|modified)\)\n@@ .*\n(?:.*\n)*?(\d+) \+(.*)$/gm);
    return {
      summary: "Rewrites everything.",
      findings: [...places].slice(0, findingsPerAnswer).map(([, path = "", line, quote = ""], index) => ({
        path,
        side: "new",
        startLine: Number(line),
        endLine: Number(line),
        quote,
        severity: "moderate",
        category: "correctness",
        title: `The result is not awaited (${index})`,
        body: "`await` is missing, so that the next line reads a promise. Wait for it.",
        suggestion: null,
        confidence: "high",
      })),
    };
  },
  checks: (prompt) => ({
    checks: [...prompt.matchAll(/^Claim (\d+)/gm)].map(([, claim]) => ({
      claim: Number(claim),
      verdict: "confirmed",
      confidence: 90,
      reason: "The line is there.",
    })),
  }),
};
