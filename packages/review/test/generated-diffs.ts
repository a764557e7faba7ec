import fc from "fast-check";
import { writeFileDiff } from "./write-diff.ts";

/** A file before and after a change, as lines without their ends. */
interface FileVersions {
  readonly path: string;
  readonly before: readonly string[];
  readonly after: readonly string[];
}

export interface GeneratedFile extends FileVersions {
  /** Of a file that is renamed. */
  readonly previousPath?: string;
  readonly manner: Manner;
}

/** How a file is changed and shown. */
interface Manner {
  /** A `link` was a file before; of a `mode` change the lines may stay. */
  readonly kind: "text" | "mode" | "submodule" | "binary" | "link";
  /** Whether git puts its name in quotes though it need not. */
  readonly quoted: boolean;
  /** Whether the last line of each version has an end. */
  readonly oldEnd: boolean;
  readonly newEnd: boolean;
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
  "rename to src/x.ts",
  "Subproject commit 1111111",
  "=== src/x.ts (added)",
  "@@@ -1 -1 +1 @@@",
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

/** Names of files; git quotes the last ones always. */
const names = [
  "src/shop.ts",
  "a/b/c.py",
  "b/x",
  "with space.txt",
  "x => y",
  "größe.md",
  "deep/a b/b/x.go",
  "README",
  'quo"te.ts',
  "tab\there.py",
  "line\nbreak.md",
  "back\\slash",
];

/** A file of at most 100 lines and its next version. */
export function generatedFile(path: string): fc.Arbitrary<FileVersions> {
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
): Omit<FileVersions, "path"> {
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

const manner: fc.Arbitrary<Manner> = fc.record({
  kind: fc.constantFrom(
    ...(["text", "text", "text", "text", "text", "text", "mode", "submodule", "binary", "link"] as const),
  ),
  quoted: fc.boolean(),
  oldEnd: fc.constantFrom(true, true, false),
  newEnd: fc.constantFrom(true, true, false),
});

/** Which versions end their lines as Windows does: none, both, or one alone, so that every line changes. */
const returns = fc.constantFrom("", "", "", "", "both", "old", "new");

/** A file's change of any kind: edited, renamed with edits or without, emptied, made a link, and so on. */
function generatedChange(path: string): fc.Arbitrary<GeneratedFile> {
  return fc
    .tuple(generatedFile(path), manner, returns, fc.constantFrom(false, false, true), fc.nat(9))
    .map(([file, how, windows, renamed, unchanged]): GeneratedFile => {
      if (how.kind === "submodule") {
        const commit = (digit: string): string[] => [`Subproject commit ${digit.repeat(40)}`];
        return {
          path,
          before: commit("1"),
          after: commit("2"),
          manner: { ...how, oldEnd: true, newEnd: true },
        };
      }
      if (how.kind === "binary") return { path, before: [], after: [], manner: how };
      const withReturns = (lines: readonly string[], side: string): readonly string[] =>
        windows === "both" || windows === side ? lines.map((line) => `${line}\r`) : lines;
      const before = withReturns(file.before, "old");
      if (how.kind === "link") {
        const target = ["../elsewhere"];
        return {
          path,
          before: before.length === 0 ? ["a"] : before,
          after: target,
          manner: { ...how, newEnd: false },
        };
      }
      const after = unchanged === 0 ? before : withReturns(file.after, "new");
      const moved = renamed && before.length > 0 && after.length > 0 && how.kind === "text";
      return { path, before, after, manner: how, ...(moved ? { previousPath: `old/${path}` } : {}) };
    });
}

/**
 * Diffs of one to four files of every kind that git knows, but a merge's (`--cc`), which GitHub never shows; each with
 * `context` lines around its changes (git's own number is 3).
 */
export const generatedDiff: fc.Arbitrary<GeneratedDiff> = fc
  .tuple(fc.subarray(names, { minLength: 1, maxLength: 4 }), fc.constantFrom(3, 3, 3, 0, 1))
  .chain(([paths, context]) =>
    fc.tuple(...paths.map(generatedChange)).map((files) => ({
      files,
      text: files.map((file) => writeFileDiff(file, context)).join(""),
    })),
  );
