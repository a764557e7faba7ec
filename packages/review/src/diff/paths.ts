/**
 * File names as git writes them into a diff's headers.
 *
 * git puts a name in double quotes, with the escapes of C, when it holds a control character, a quote, a
 * backslash or (with core.quotePath, the default) a byte above 0x7f: see `quote_c_style` in git's quote.c.
 */

const simpleEscapes: Readonly<Record<string, number>> = {
  a: 7,
  b: 8,
  t: 9,
  n: 10,
  v: 11,
  f: 12,
  r: 13,
  '"': 34,
  "\\": 92,
};

/** A quoted name anywhere in a header line; escaped quotes belong to it. */
const quotedName = /"(?:[^"\\]|\\[^])*"/y;

/** Decodes a name if it is quoted, else returns it as it is. Octal escapes are bytes of UTF-8. */
export function unquotePath(name: string): string {
  if (!name.startsWith('"') || !name.endsWith('"') || name.length < 2) return name;
  const inside = name.slice(1, -1);
  if (!inside.includes("\\")) return inside;

  const bytes: number[] = [];
  const encoder = new TextEncoder();
  for (const [piece, octal, escape] of inside.matchAll(/\\([0-7]{1,3})|\\([^])|[^\\]+/g)) {
    if (octal !== undefined) bytes.push(Number.parseInt(octal, 8) & 0xff);
    else if (escape !== undefined) bytes.push(...(escapedByte(escape) ?? encoder.encode(piece)));
    else bytes.push(...encoder.encode(piece));
  }
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(new Uint8Array(bytes));
}

function escapedByte(letter: string): number[] | undefined {
  const byte = simpleEscapes[letter];
  return byte === undefined ? undefined : [byte];
}

/**
 * The name in a `--- ` or `+++ ` line, still with its prefix; `undefined` for /dev/null.
 * git ends an unquoted name that holds a space with a tab, so that other tools see where it ends.
 */
export function sidePath(text: string): string | undefined {
  const name = unquotePath(text.endsWith("\t") ? text.slice(0, -1) : text);
  return name === "/dev/null" ? undefined : name;
}

/** `a/src/x.ts` -> `src/x.ts`, for any prefix of one part (a/ b/, i/ w/ c/ o/, 1/ 2/). */
export function withoutPrefix(path: string): string {
  const slash = path.indexOf("/");
  return slash === -1 ? path : path.slice(slash + 1);
}

/** What the line `diff --git <old> <new>` tells. */
export interface CommandPaths {
  /** The name, when both sides have the same one. */
  readonly path: string;
  /** Whether names carry a prefix such as `a/`; not so under `--no-prefix`. */
  readonly prefixed: boolean;
}

/**
 * Reads the two names behind `diff --git `, which nothing but a space parts, though names may hold spaces.
 * It is only certain when both names are the same (then one cut alone gives equal halves); for others
 * it returns `undefined`, and git has written them again in `rename`, `copy`, `---` and `+++` lines.
 */
export function commandPaths(text: string): CommandPaths | undefined {
  if (text.includes('"')) {
    const quoted = quotedHalves(text);
    if (quoted) return samePath(quoted[0], quoted[1]);
  }
  const middle = (text.length - 1) / 2;
  for (const cut of [middle, ...spacesOf(text)]) {
    if (text[cut] !== " ") continue;
    const same = samePath(text.slice(0, cut), text.slice(cut + 1));
    if (same) return same;
  }
  return undefined;
}

function samePath(before: string, after: string): CommandPaths | undefined {
  if (before === after) return { path: before, prefixed: false };
  const path = withoutPrefix(before);
  return path !== before && path === withoutPrefix(after) ? { path, prefixed: true } : undefined;
}

function quotedHalves(text: string): [string, string] | undefined {
  quotedName.lastIndex = 0;
  const first = quotedName.exec(text)?.[0];
  if (first === undefined || text[first.length] !== " ") return undefined;
  return [unquotePath(first), unquotePath(text.slice(first.length + 1))];
}

function* spacesOf(text: string): Generator<number> {
  for (let at = text.indexOf(" "); at !== -1; at = text.indexOf(" ", at + 1)) yield at;
}
