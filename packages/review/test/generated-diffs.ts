import fc from "fast-check";

/** A file before and after a change, as lines without their ends. */
interface GeneratedFile {
  readonly path: string;
  readonly before: readonly string[];
  readonly after: readonly string[];
}

export interface GeneratedDiff {
  readonly files: readonly GeneratedFile[];
  /** What git would print for them. */
  readonly text: string;
}

/** One stretch of a file: some lines stay, then some go, then some come. */
interface Edit {
  readonly kept: number;
  readonly removed: number;
  readonly added: readonly string[];
}

/** Lines that look like what a parser might take for the end of a hunk. */
const deceptiveLines = [
  "-- a/src/x.ts",
  "++ b/src/x.ts",
  "@@ -1,3 +1,4 @@ function",
  "diff --git a/x b/x",
  "\\ No newline at end of file",
  "",
  " ",
  "-",
  "+",
  "\r",
  "windows\r",
  "before\rafter",
  "index 0000000..1111111 100644",
  "Binary files a/x and b/x differ",
  "größe = “1”; // 😀 \u2028",
] as const;

const line = fc.oneof(
  fc.constantFrom(...deceptiveLines),
  fc.nat(99).map((n) => `line ${n}`),
);

const edit: fc.Arbitrary<Edit> = fc.record({
  kept: fc.nat(12),
  removed: fc.nat(4),
  added: fc.array(line, { maxLength: 4 }),
});

/** Names of files; none needs quotes but by its non-ASCII letters. */
const names = [
  "src/shop.ts",
  "a/b/c.py",
  "b/x",
  "with space.txt",
  "x => y",
  "größe.md",
  "deep/a b/b/x.go",
  "README",
];

/** A file of at most 100 lines and its next version. */
export function generatedFile(path: string): fc.Arbitrary<GeneratedFile> {
  return fc
    .tuple(
      fc.array(edit, { minLength: 1, maxLength: 5 }),
      fc.nat(20),
      fc.array(line, { minLength: 1, maxLength: 8 }),
    )
    .map(([edits, tail, pool]) => ({ path, ...applyEdits(edits, tail, pool) }));
}

/** Unedited lines are taken from `pool` in turn, so that equal lines stand near each other. */
function applyEdits(
  edits: readonly Edit[],
  tail: number,
  pool: readonly string[],
): Omit<GeneratedFile, "path"> {
  const before: string[] = [];
  const after: string[] = [];
  const stay = (count: number) => {
    for (let i = 0; i < count; i += 1) {
      const text = pool[before.length % pool.length] ?? "";
      before.push(text);
      after.push(text);
    }
  };
  for (const { kept, removed, added } of edits) {
    stay(kept);
    for (let i = 0; i < removed; i += 1) before.push(`old ${before.length}`);
    after.push(...added);
  }
  stay(tail);
  return { before, after };
}

/** Diffs of one to four files, each with `context` lines around its changes (git's own number is 3). */
export const generatedDiff: fc.Arbitrary<GeneratedDiff> = fc
  .tuple(fc.subarray(names, { minLength: 1, maxLength: 4 }), fc.constantFrom(3, 3, 3, 0, 1))
  .chain(([paths, context]) =>
    fc.tuple(...paths.map(generatedFile)).map((files) => ({
      files,
      text: files.map((file) => writeFileDiff(file, context)).join(""),
    })),
  );

/** A row of a diff, with the line numbers that come before it on both sides. */
interface Row {
  readonly sign: " " | "-" | "+";
  readonly text: string;
  readonly oldBefore: number;
  readonly newBefore: number;
}

/** Writes a file's diff; nothing at all when nothing changed. */
function writeFileDiff(file: GeneratedFile, context: number): string {
  const rows = compare(file.before, file.after);
  const hunks = hunkRanges(rows, context).map(([start, end]) => writeHunk(rows.slice(start, end)));
  if (hunks.length === 0) return "";
  const end = file.path.includes(" ") ? "\t" : "";
  const [oldName, newName] = [`a/${file.path}`, `b/${file.path}`];
  const oldSide = file.before.length === 0 ? "/dev/null" : `${oldName}${end}`;
  const newSide = file.after.length === 0 ? "/dev/null" : `${newName}${end}`;
  const mode =
    file.before.length === 0
      ? "new file mode 100644\n"
      : file.after.length === 0
        ? "deleted file mode 100644\n"
        : "";
  return `diff --git ${oldName} ${newName}\n${mode}index 1111111..2222222\n--- ${oldSide}\n+++ ${newSide}\n${hunks.join("")}`;
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
  const body = rows.map((row) => `${row.sign}${row.text}\n`).join("");
  return `@@ -${side("+", first.oldBefore)} +${side("-", first.newBefore)} @@\n${body}`;
}
