import { hexDigest } from "../digest.ts";

/**
 * Puts text that we do not trust between two lines that it cannot contain: they end in a hash of the text
 * itself, so whoever writes the text would have to write its own hash into it. The same text always gets the
 * same fence, which keeps prompts repeatable and their beginnings cacheable.
 */
export function fence(label: string, text: string): string {
  let boundary = hexDigest(text, 24);
  while (text.includes(boundary)) boundary = hexDigest(`${boundary} ${text}`, 24);
  return `<<<untrusted ${label} ${boundary}\n${text}\n>>>untrusted ${label} ${boundary}`;
}
