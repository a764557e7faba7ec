import { hexDigest } from "../digest.ts";
import { maskSecrets } from "../secrets/mask-secrets.ts";

/**
 * Puts text that is not ours between two lines that it cannot contain: they end in a hash of the text
 * itself, so whoever writes the text would have to write its own hash into it. The same text always gets the
 * same fence, which keeps prompts repeatable and their beginnings cacheable. All that a model is shown of others stands in
 * one, what its tools find too: so it is here that secrets are masked.
 */
export function fence(label: string, given: string, kind: "untrusted" | "guidance" = "untrusted"): string {
  const text = maskSecrets(given);
  let boundary = hexDigest(text, 24);
  while (text.includes(boundary)) boundary = hexDigest(`${boundary} ${text}`, 24);
  return `<<<${kind} ${label} ${boundary}\n${text}\n>>>${kind} ${label} ${boundary}`;
}
