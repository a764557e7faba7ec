import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import { maskSecrets, secretMask } from "./mask-secrets.ts";

/** A shorter text is a word as well: to mask it wherever it stands would make holes in ordinary prose. */
const shortest = 8;

/**
 * Masks what `maskSecrets` knows by its form, and besides these very texts: secrets that were seen in what the author
 * of a text was shown. They are found in either case, with anything between their letters and digits that is neither
 * (white space, what can't be seen, quotes, signs), as full-width letters, backwards, URL-encoded, in hexadecimal and in
 * base64. Whoever spells a secret in yet another way is not stopped by this; that no model sees it, is `maskSecrets`'.
 *
 * @param known secrets of less than eight letters and digits are passed over
 * @param mask what stands for one, in one line
 */
export function createSecretMask(
  known: readonly string[],
  mask = (secret: string) => secretMask("seen in the code", secret),
): (text: string) => string {
  const forms = [...new Set(known.flatMap(formsOf))].sort((a, b) => b.length - a.length);
  return (text) => maskSecrets(forms.length === 0 ? text : maskForms(text, forms, mask));
}

/** How a secret may be written, each as `spelled` makes it. */
function formsOf(secret: string): string[] {
  const plain = spelled(secret).letters;
  if (plain.length < shortest) return [];
  const bytes = utf8ToBytes(secret);
  const written = [secret.toWellFormed(), bytesToHex(bytes), encodeURIComponent(secret.toWellFormed())];
  return [
    ...written.map((form) => spelled(form).letters),
    [...plain].reverse().join(""),
    ...base64Forms(bytes).map((form) => spelled(form).letters),
  ].filter((form) => form.length >= shortest);
}

/**
 * The characters that stand for these bytes alone, whatever stands before and behind them in what is encoded: three
 * bytes become four characters, so there are three ways.
 */
function base64Forms(bytes: Uint8Array): string[] {
  return [0, 1, 2].map((offset) => {
    const text = btoa(String.fromCharCode(...new Uint8Array(offset), ...bytes)).replaceAll("=", "");
    const partlyAnothers = (offset + bytes.length) % 3 === 0 ? 0 : 1;
    return text.slice(Math.ceil((offset * 8) / 6), text.length - partlyAnothers);
  });
}

/** The letters and digits of a text, all small, and where in it each of them stands. */
interface Spelled {
  readonly letters: string;
  readonly places: readonly number[];
}

function spelled(text: string): Spelled {
  const letters: string[] = [];
  const places: number[] = [];
  for (const { index, 0: character } of text.matchAll(/[\p{L}\p{N}]/gu)) {
    const small = character.normalize("NFKC").toLowerCase();
    for (const letter of small) {
      letters.push(letter);
      // One place for each UTF-16 unit: by them a match is counted.
      for (let unit = 0; unit < letter.length; unit += 1) places.push(index);
    }
  }
  return { letters: letters.join(""), places };
}

interface Range {
  readonly start: number;
  readonly end: number;
}

function maskForms(text: string, forms: readonly string[], mask: (secret: string) => string): string {
  const { letters, places } = spelled(text);
  const found = forms.flatMap((form) =>
    occurrences(letters, form).map((at): Range => ({
      start: places[at] ?? 0,
      end: endOf(text, places[at + form.length - 1] ?? 0),
    })),
  );
  let masked = "";
  let done = 0;
  for (const { start, end } of merged(found)) {
    const secret = text.slice(start, end);
    const breaks = "\n".repeat(secret.split("\n").length - 1);
    masked += text.slice(done, start) + mask(secret) + breaks;
    done = end;
  }
  return masked + text.slice(done);
}

function occurrences(letters: string, form: string): number[] {
  const places: number[] = [];
  for (let at = letters.indexOf(form); at !== -1; at = letters.indexOf(form, at + form.length))
    places.push(at);
  return places;
}

/** Where the character at an index ends. */
function endOf(text: string, index: number): number {
  return index + ((text.codePointAt(index) ?? 0) > 0xffff ? 2 : 1);
}

/** Ranges in order, those that overlap as one. */
function merged(ranges: readonly Range[]): Range[] {
  const result: Range[] = [];
  for (const range of ranges.toSorted((a, b) => a.start - b.start)) {
    const last = result.at(-1);
    if (last && range.start < last.end)
      result[result.length - 1] = { start: last.start, end: Math.max(last.end, range.end) };
    else result.push(range);
  }
  return result;
}
