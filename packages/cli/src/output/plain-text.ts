/**
 * What a terminal acts upon or what hides how a text reads: control characters (C0, DEL, C1), marks of direction and
 * of separation. With ESC gone, what is left of an escape sequence is text.
 */
const unprintable = /[\p{Cc}\p{Zl}\p{Zp}\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069\uFEFF]/gu;

/** One line that is safe to print: each such character is shown by its number instead. */
export function plainLine(text: string): string {
  return text.toWellFormed().replace(unprintable, shown);
}

/** Lines that are safe to print. Tabs become spaces, so that what stands below each other stays so. */
export function plainLines(text: string): string[] {
  return text.split(/\r\n|\n|\r/).map((line) => plainLine(line.replaceAll("\t", "    ")));
}

/** JSON that is safe to print and means the same: there each such character can be written as an escape. */
export function printableJson(value: unknown): string {
  const json = JSON.stringify(value, undefined, 2);
  return json.replace(unprintable, (character) => (character === "\n" ? character : escaped(character)));
}

function shown(character: string): string {
  const code = character.charCodeAt(0);
  return code < 256 ? `\\x${code.toString(16).padStart(2, "0")}` : escaped(character);
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
