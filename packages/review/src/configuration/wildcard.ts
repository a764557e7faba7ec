import { matchSequence } from "./match-sequence.ts";

/** Whether a text is of a pattern in which `*` stands for any text. Case makes no difference. */
export function matchesWildcard(pattern: string, text: string): boolean {
  return matchSequence([...pattern.toLowerCase()], [...text.toLowerCase()], {
    isAny: (part) => part === "*",
    matches: (part, character) => part === character,
  });
}
