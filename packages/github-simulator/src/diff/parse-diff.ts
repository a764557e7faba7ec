/** A line of a hunk. `position` counts the lines below the file's first `@@`, as GitHub's `position` does. */
export interface DiffLine {
  readonly kind: "context" | "added" | "removed";
  readonly oldLine: number | undefined;
  readonly newLine: number | undefined;
  readonly position: number;
  readonly text: string;
  /** The `\ No newline at end of file` remark follows this line. */
  readonly noNewline: boolean;
}

export interface DiffHunk {
  readonly header: string;
  readonly lines: readonly DiffLine[];
}

/** One file's part of a unified diff. `path` is the new path, or the old one of a removed file. */
export interface DiffSection {
  readonly path: string;
  readonly previousPath: string | undefined;
  readonly binary: boolean;
  readonly hunks: readonly DiffHunk[];
  /** From the first `@@` to the end, without the last newline; empty where there is no hunk. */
  readonly patch: string;
}

/** Splits the output of `git diff` into files and reads their hunks. */
export function parseDiff(diff: string): DiffSection[] {
  return splitFiles(diff).map(parseSection);
}

/**
 * Splits at `diff --git`. Within a hunk every line begins with a space, a sign or a backslash, so that such a
 * line is always a file's first. (`^` of a regular expression would also match after a carriage return.)
 */
function splitFiles(diff: string): string[] {
  return `\n${diff}`
    .split("\ndiff --git ")
    .slice(1)
    .map((part) => `diff --git ${part}`);
}

function parseSection(section: string): DiffSection {
  const hunkStart = section.indexOf("\n@@ ") + 1;
  const header = hunkStart === 0 ? section : section.slice(0, hunkStart);
  const patch = hunkStart === 0 ? "" : section.slice(hunkStart).replace(/\n$/, "");
  const { from, to } = readPaths(header.split("\n"));
  return {
    path: to ?? from ?? "",
    previousPath: from !== undefined && to !== undefined && from !== to ? from : undefined,
    binary: header.includes("\nBinary files ") || header.includes("\nGIT binary patch"),
    hunks: parseHunks(patch),
    patch,
  };
}

/** The old and the new path; undefined where the file does not exist on that side. */
function readPaths(header: readonly string[]): { from: string | undefined; to: string | undefined } {
  const after = (prefix: string) => header.find((line) => line.startsWith(prefix))?.slice(prefix.length);
  const renamedFrom = after("rename from ") ?? after("copy from ");
  const renamedTo = after("rename to ") ?? after("copy to ");
  if (renamedFrom !== undefined && renamedTo !== undefined) {
    return { from: unquote(renamedFrom), to: unquote(renamedTo) };
  }
  const minus = after("--- ");
  const plus = after("+++ ");
  if (minus !== undefined && plus !== undefined) return { from: sidePath(minus), to: sidePath(plus) };
  // Empty, binary or mode-only: both sides name one path, so the line is two equal halves.
  const both = header[0]?.slice("diff --git ".length) ?? "";
  const half = sidePath(both.slice(0, (both.length - 1) / 2));
  const added = header.some((line) => line.startsWith("new file mode"));
  const removed = header.some((line) => line.startsWith("deleted file mode"));
  return { from: added ? undefined : half, to: removed ? undefined : half };
}

/** The path in `a/path`, `"a/quoted"` or `/dev/null`. git appends a tab to a path that holds a space. */
function sidePath(side: string): string | undefined {
  const path = unquote(side.replace(/\t$/, ""));
  return path === "/dev/null" ? undefined : path.slice(2);
}

const escapes: Readonly<Record<string, number>> = { a: 7, b: 8, t: 9, n: 10, v: 11, f: 12, r: 13 };

/** Undoes git's C-style quoting, in which bytes beyond ASCII are octal. */
function unquote(path: string): string {
  if (!path.startsWith('"')) return path;
  const bytes: number[] = [];
  for (const [, octal, letter, plain] of path.slice(1, -1).matchAll(/\\([0-7]{3})|\\(.)|([^\\]+)/gs)) {
    if (octal !== undefined) bytes.push(Number.parseInt(octal, 8));
    else if (letter !== undefined) bytes.push(escapes[letter] ?? letter.charCodeAt(0));
    else bytes.push(...Buffer.from(plain ?? ""));
  }
  return Buffer.from(bytes).toString("utf8");
}

/** Reads the hunks of one file, from the first `@@` on. */
export function parseHunks(patch: string): DiffHunk[] {
  const hunks: { header: string; lines: DiffLine[] }[] = [];
  let position = 0;
  let oldLine = 0;
  let newLine = 0;
  for (const raw of patch === "" ? [] : patch.split("\n")) {
    const start = /^@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@/.exec(raw);
    const hunk = hunks.at(-1);
    if (start) {
      // Every hunk header but the first takes a position.
      if (hunk) position += 1;
      oldLine = Number(start[1]);
      newLine = Number(start[2]);
      hunks.push({ header: raw, lines: [] });
      continue;
    }
    if (!hunk) continue;
    position += 1;
    const text = raw.slice(1);
    if (raw.startsWith("+")) hunk.lines.push(line("added", undefined, newLine++));
    else if (raw.startsWith("-")) hunk.lines.push(line("removed", oldLine++, undefined));
    else if (raw.startsWith("\\")) markLast(hunk.lines);
    else hunk.lines.push(line("context", oldLine++, newLine++));

    function line(kind: DiffLine["kind"], from: number | undefined, to: number | undefined): DiffLine {
      return { kind, oldLine: from, newLine: to, position, text, noNewline: false };
    }
  }
  return hunks;
}

function markLast(lines: DiffLine[]): void {
  const last = lines.pop();
  if (last) lines.push({ ...last, noNewline: true });
}
