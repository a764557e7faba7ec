import { fence, firstCharacters } from "@nectr/review";
import type { Found } from "./repository-tools.ts";

/** What a tool found as a model is shown it: marked as a stranger's text, and cut to `limit` characters, visibly. */
export function showFound(
  tool: string,
  { text, heading }: Found,
  limit: number,
): { readonly shown: string; readonly characters: number } {
  const cut = firstCharacters(text, limit);
  const rest = text.length - cut.length;
  const parts = [
    ...(heading === undefined ? [] : [heading]),
    fence(tool, cut),
    ...(rest === 0 ? [] : [`[cut here: ${rest} more characters]`]),
  ];
  return { shown: parts.join("\n"), characters: cut.length };
}
