import type { Language } from "../src/language-of.ts";

/** What one rule must find, and what looks like it and must stay unsaid. */
export interface RuleCase {
  readonly rule: string;
  /** The language of the sources; a rule for scripts is read as TypeScript. */
  readonly language: Language;
  readonly finds: readonly [string, string, ...string[]];
  readonly passes: readonly [string, string, ...string[]];
}
