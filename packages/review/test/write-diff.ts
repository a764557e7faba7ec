import type { GeneratedFile } from "./generated-diffs.ts";

/** A row of a diff, with the line numbers that come before it on both sides. */
interface Row {
  readonly sign: " " | "-" | "+";
  readonly text: string;
  readonly oldBefore: number;
  readonly newBefore: number;
}

/** What git shows behind a hunk's numbers: a line of the file, which may look like anything. */
const sections = ["", "", " function total()", " @@ -1 +1 @@", " --- a/x"];

/** What stands at the end of a version whose last line has no end; no generated line holds it. */
const unended = "\0";

/** Writes a file's diff as git does, with `context` lines around its changes; nothing at all when nothing changed. */
export function writeFileDiff(file: GeneratedFile, context: number): string {
  const { before, after, manner } = file;
  const name = (prefix: string, path: string): string => {
    const whole = `${prefix}${path}`;
    return manner.quoted || /[\t\n"\\]/.test(path) ? quote(whole) : whole;
  };
  const oldName = name("a/", file.previousPath ?? file.path);
  const newName = name("b/", file.path);
  const command = `diff --git ${oldName} ${newName}\n`;
  if (manner.kind === "binary") {
    return `${command}index 1111111..2222222 100644\nBinary files ${oldName} and ${newName} differ\n`;
  }
  if (manner.kind === "link") {
    return (
      `${command}deleted file mode 100644\nindex 1111111..0000000\n${sides(oldName, "/dev/null")}${hunksOf(before, [], context)}` +
      `${command}new file mode 120000\nindex 0000000..2222222\n${sides("/dev/null", newName)}${hunksOf([], [`${after[0] ?? "target"}${unended}`], context)}`
    );
  }
  const hunks = hunksOf(ended(before, manner.oldEnd), ended(after, manner.newEnd), context);
  const bare = (path: string): string => name("", path);
  const moved =
    file.previousPath === undefined
      ? ""
      : `similarity index 80%\nrename from ${bare(file.previousPath)}\nrename to ${bare(file.path)}\n`;
  const mode =
    before.length === 0
      ? "new file mode 100644\n"
      : after.length === 0
        ? "deleted file mode 100644\n"
        : manner.kind === "mode"
          ? "old mode 100644\nnew mode 100755\n"
          : "";
  if (hunks === "") return moved === "" && mode === "" ? "" : `${command}${mode}${moved}`;
  return (
    `${command}${mode}${moved}index 1111111..2222222${manner.kind === "submodule" ? " 160000" : ""}\n` +
    `${sides(before.length === 0 ? "/dev/null" : oldName, after.length === 0 ? "/dev/null" : newName)}${hunks}`
  );
}

/** git ends a bare name that holds a space with a tab. */
function sides(oldName: string, newName: string): string {
  const end = (name: string): string => (name.includes(" ") && !name.startsWith('"') ? `${name}\t` : name);
  return `--- ${end(oldName)}\n+++ ${end(newName)}\n`;
}

/** A name as git quotes it: with the escapes of C, each byte beyond ASCII in octal. */
function quote(name: string): string {
  const escapes: Readonly<Record<string, string>> = { "\t": "\\t", "\n": "\\n", '"': '\\"', "\\": "\\\\" };
  const bytes = [...new TextEncoder().encode(name)].map((byte) => {
    const character = String.fromCharCode(byte);
    return byte > 0x7e ? `\\${byte.toString(8)}` : (escapes[character] ?? character);
  });
  return `"${bytes.join("")}"`;
}

function ended(lines: readonly string[], end: boolean): readonly string[] {
  const last = lines.at(-1);
  return end || last === undefined ? lines : lines.with(-1, `${last}${unended}`);
}

function hunksOf(before: readonly string[], after: readonly string[], context: number): string {
  const rows = compare(before, after);
  return hunkRanges(rows, context)
    .map(([start, end]) => writeHunk(rows.slice(start, end)))
    .join("");
}

/** A plain comparison: the common beginning, then a walk that looks a few lines ahead for the next equal one. */
function compare(before: readonly string[], after: readonly string[]): Row[] {
  const rows: Row[] = [];
  let o = 0;
  let n = 0;
  const push = (sign: Row["sign"], text: string) => {
    rows.push({ sign, text, oldBefore: o, newBefore: n });
    if (sign !== "+") o += 1;
    if (sign !== "-") n += 1;
  };
  while (o < before.length || n < after.length) {
    const [removed, added] = nextEqual(before, after, o, n);
    for (let i = 0; i < removed; i += 1) push("-", before[o] ?? "");
    for (let i = 0; i < added; i += 1) push("+", after[n] ?? "");
    if (o < before.length && n < after.length) push(" ", before[o] ?? "");
  }
  return rows;
}

/** How many lines go and come before both sides are equal again. */
function nextEqual(
  before: readonly string[],
  after: readonly string[],
  o: number,
  n: number,
): [number, number] {
  const reach = before.length - o + after.length - n;
  for (let distance = 0; distance < reach; distance += 1) {
    for (let removed = 0; removed <= distance; removed += 1) {
      const added = distance - removed;
      const [old, next] = [before[o + removed], after[n + added]];
      if (old !== undefined && old === next) return [removed, added];
    }
  }
  return [before.length - o, after.length - n];
}

/** Which rows each hunk shows: changes with `context` rows around them, those that touch as one. */
function hunkRanges(rows: readonly Row[], context: number): [start: number, end: number][] {
  const ranges: [number, number][] = [];
  rows.forEach((row, index) => {
    if (row.sign === " ") return;
    const start = Math.max(0, index - context);
    const end = Math.min(rows.length, index + context + 1);
    const last = ranges.at(-1);
    if (last && start <= last[1]) last[1] = end;
    else ranges.push([start, end]);
  });
  return ranges;
}

function writeHunk(rows: readonly Row[]): string {
  const [first] = rows;
  if (!first) return "";
  const side = (other: Row["sign"], before: number) => {
    const count = rows.filter((row) => row.sign !== other).length;
    // An empty side is named by the line before it; a count of one is left out.
    return `${count === 0 ? before : before + 1}${count === 1 ? "" : `,${count}`}`;
  };
  const body = rows.map(({ sign, text }) =>
    text.endsWith(unended)
      ? `${sign}${text.slice(0, -unended.length)}\n\\ No newline at end of file\n`
      : `${sign}${text}\n`,
  );
  const section = sections[(first.oldBefore + rows.length) % sections.length] ?? "";
  return `@@ -${side("+", first.oldBefore)} +${side("-", first.newBefore)} @@${section}\n${body.join("")}`;
}
