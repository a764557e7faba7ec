import type { ModelAnswer } from "../findings/model-answer.ts";
import type { Finding, ReviewCost } from "../model.ts";
import type { CheckAnswer } from "../verify/check-answer.ts";

/** What the engine is handed: whatever reads, sends or waits is behind these. */
export interface EnginePorts {
  /** Texts of one version of the change. A path without a text that can be read is absent. */
  readonly readTexts: (
    side: "base" | "head",
    paths: readonly string[],
  ) => Promise<ReadonlyMap<string, string>>;
  readonly analysers: AnalysersPort;
  /** Undefined: no model is configured, and the analysers review alone. */
  readonly model: ModelPort | undefined;
  /** Milliseconds since the review began. */
  readonly elapsedMs?: () => number;
  /** Told of each step as it begins, in words for a person who waits. */
  readonly onProgress?: (step: string) => void;
}

export interface AnalysersPort {
  readonly names: readonly string[];
  readonly analyse: (files: readonly ChangedText[]) => Promise<{
    readonly findings: readonly Finding[];
    readonly failures: readonly {
      readonly analyser: string;
      readonly path: string;
      readonly reason: string;
    }[];
  }>;
  /** The functions and classes of texts, by path. A text in a language that it does not know is absent. */
  readonly outline: (files: readonly SourceText[]) => Promise<ReadonlyMap<string, readonly CodeScope[]>>;
  /** What the change of a lock file means; undefined for what is no lock file that can be read. Pure. */
  readonly explainDependencies: (
    path: string,
    base: string,
    head: string,
  ) => { readonly findings: readonly Finding[] } | undefined;
}

export interface SourceText {
  readonly path: string;
  readonly content: string;
}

/** A changed file's new text, the lines that were added to it (1-based), and its text before where that is known. */
export interface ChangedText extends SourceText {
  readonly addedLines: ReadonlySet<number>;
  /** Under whatever name; empty for a new file. */
  readonly base?: string;
}

/** A function, method or class, with its first and last line, 1-based. Scopes may lie within each other. */
export interface CodeScope {
  readonly name: string;
  readonly kind: "class" | "function";
  readonly startLine: number;
  readonly endLine: number;
}

export interface ModelPort {
  /** As the review shows it. */
  readonly name: string;
  /**
   * Asks one question. The same question of the same review is not paid for twice. What a model that does not answer
   * makes of the review is for the caller to decide: it may throw, and break the review off.
   */
  ask<Kind extends AnswerKind>(question: Question<Kind>): Promise<Answered<Kind>>;
  /** What all questions of this review have cost so far, failed ones too. */
  readonly cost: () => Promise<ReviewCost | undefined>;
}

/** The forms of answers, by the name of what is asked for. */
export interface Answers {
  readonly review: ModelAnswer;
  readonly checks: CheckAnswer;
}
export type AnswerKind = keyof Answers;

export interface Question<Kind extends AnswerKind = AnswerKind> {
  /** Unlike all others of the review, and the same in each attempt: `chunk-2`, `chunk-2-security`, `checks-1`. */
  readonly name: string;
  readonly kind: Kind;
  /** What the model is to do: ours, trusted. */
  readonly instructions: string;
  /** What it is to look at: contains text from the pull request, marked as such. */
  readonly prompt: string;
  /** How many of the prompt's first characters other questions of the review begin with, too. */
  readonly sharedCharacters?: number;
  /**
   * What it is about, where that is less than all of its text: an answer to the same name and subject is taken for an
   * answer to this, though an analyser that timed out in this attempt has left another evidence.
   */
  readonly subject?: string;
  /** Whether it may look further with the read-only tools. */
  readonly tools: boolean;
}

export type Answered<Kind extends AnswerKind> =
  | { readonly answer: Answers[Kind]; readonly model: string }
  | { readonly silence: Silence };

/**
 * Why the model said nothing, for everybody who sees the review. What its provider said is not for them: it can hold
 * addresses, and anything else. That is in the log.
 */
export interface Silence {
  /** A clause without its full stop. */
  readonly brief: string;
  /** One or more sentences, with what can be done. */
  readonly sentence: string;
}
