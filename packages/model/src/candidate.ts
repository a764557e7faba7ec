import type { ModelMessage, SystemModelMessage } from "ai";
import type { AnswerForm } from "./answer-form.ts";
import type { Price } from "./prices.ts";
import type { ModelRequest } from "./review-model.ts";
import type { LanguageModel } from "./watched-model.ts";

/** One of the configured models. */
export interface Candidate {
  /** As it is configured. */
  readonly name: string;
  readonly price: Price | undefined;
  readonly load: () => Promise<LanguageModel>;
  /** Texts that no error may contain. */
  readonly secrets: readonly string[];
  /** Whether its provider caches what it is told to cache. Others cache by themselves, or not at all. */
  readonly marksCache: boolean;
  readonly maxOutputTokens?: number;
  /** What was learned of it in this process. */
  readonly learned: { form?: AnswerForm };
}

const cached = { anthropic: { cacheControl: { type: "ephemeral" as const } } };

/** What the model is asked, the stable part first. */
interface Wording {
  readonly instructions: string | SystemModelMessage;
  readonly messages: ModelMessage[];
  /** Of the call as a whole. */
  readonly providerOptions?: typeof cached;
}

/**
 * The question with marks for the cache after each part that other questions have in common with it: the instructions
 * (with the tools, which the provider puts before them), the beginning of the prompt, and, where tools are offered, the
 * whole: each round sends it again.
 */
export function wordingOf(
  { marksCache }: Pick<Candidate, "marksCache">,
  { prompt, sharedCharacters = 0 }: Pick<ModelRequest, "prompt" | "sharedCharacters">,
  { instructions, rounds }: { readonly instructions: string; readonly rounds: boolean },
): Wording {
  if (!marksCache) return { instructions, messages: [{ role: "user", content: prompt }] };
  const shared = prompt.slice(0, sharedCharacters);
  const own = prompt.slice(sharedCharacters);
  return {
    instructions: { role: "system", content: instructions, providerOptions: cached },
    messages: [
      {
        role: "user",
        content: [
          ...(shared === "" ? [] : [{ type: "text" as const, text: shared, providerOptions: cached }]),
          ...(own === "" ? [] : [{ type: "text" as const, text: own }]),
        ],
      },
    ],
    ...(rounds && { providerOptions: cached }),
  };
}
