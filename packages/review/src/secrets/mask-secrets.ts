import { anyName, namedForms } from "./named-secrets.ts";
import { maskPrivateKeys } from "./private-keys.ts";
import { tokenForms } from "./token-forms.ts";

/**
 * Text without the credentials that can be told by their form, or by the name before them: each is
 * `[secret: GitHub token, 40 characters]`. Lines stay as many, and what stood around a credential stays where it was.
 * Done twice it changes nothing more; on any text it takes time that grows with its length alone.
 */
export function maskSecrets(text: string): string {
  return replaceSecrets(text, secretMask);
}

/**
 * Lines that stand one after another, masked as a text of them is: with it a quote, in which a model copies a mask, is
 * found on the line that it was shown.
 */
export function maskLines<L extends { readonly text: string }>(lines: readonly L[]): L[] {
  const texts = maskSecrets(lines.map(({ text }) => text.replaceAll("\n", " ")).join("\n")).split("\n");
  return lines.map((line, index) => ({ ...line, text: texts[index] ?? line.text }));
}

/** The credentials that `maskSecrets` would take out of a text, each once. */
export function secretsIn(text: string): string[] {
  const found = new Set<string>();
  replaceSecrets(text, (kind, secret) => {
    found.add(secret);
    return secretMask(kind, secret);
  });
  return [...found];
}

/** What stands for a secret. */
export function secretMask(kind: string, secret: string): string {
  return `[secret: ${kind}, ${secret.length} characters]`;
}

/** Whether something was masked in a text. */
export function isMasked(text: string): boolean {
  return /\[secret: [^\n\]]{1,60}, \d+ characters\]/.test(text);
}

function replaceSecrets(text: string, mask: (kind: string, secret: string) => string): string {
  const withoutKeys = maskPrivateKeys(text, (secret) => mask("private key", secret));
  const withoutTokens = tokenForms.reduce((rest, { kind, hints, pattern }) => {
    if (!hints.some((hint) => rest.includes(hint))) return rest;
    return rest.replace(pattern, (secret) => mask(kind, secret));
  }, withoutKeys);
  if (!anyName.test(withoutTokens)) return withoutTokens;
  return namedForms.reduce(
    (rest, { kind, pattern, isSecret }) =>
      rest.replace(pattern, (match: string, ...groups: unknown[]) => {
        const { before = "", secret = "" } = groups.at(-1) as Record<string, string>;
        return isSecret(secret, before) ? before + mask(kind, secret) : match;
      }),
    withoutTokens,
  );
}
