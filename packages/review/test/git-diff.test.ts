import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { baseTextOf } from "../src/diff/base-text.ts";
import { type FileDiff, parseDiff } from "../src/index.ts";
import { generatedFile } from "./generated-diffs.ts";

/** Whole trees of files, compared by git itself; what we read must be what git knows. */

type Tree = Readonly<Record<string, string>>;

/** git's own defaults, where the machine's owner may have chosen others. */
const settings = [
  "core.autocrlf=false",
  "core.quotePath=true",
  "diff.noprefix=false",
  "diff.mnemonicPrefix=false",
];

let folder = "";

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "nectr-diff-"));
  git(["init", "--quiet"]);
  for (const setting of settings) git(["config", ...setting.split("=")]);
});

afterAll(() => rmSync(folder, { recursive: true }));

function git(args: readonly string[], input = ""): string {
  return execFileSync("git", args, { cwd: folder, input, encoding: "utf8", stdio: "pipe" });
}

/** Stores a tree and returns its object name. */
function store(tree: Tree): string {
  for (const entry of git(["ls-files", "-z"]).split("\0")) if (entry) rmSync(join(folder, entry));
  for (const [path, content] of Object.entries(tree)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  git(["add", "--all", "--force"]);
  return git(["write-tree"]).trim();
}

const names = [
  "plain.ts",
  "with space.ts",
  "x b/y.ts",
  "old => new.ts",
  "{a => b}.ts",
  "tab\there.ts",
  "line\nbreak.ts",
  'quote".ts',
  "back\\slash.ts",
  "größe/日本.ts",
  "bell\u0007.ts",
  "a/a/a.ts",
  " b/ b",
  "-- a",
];

const endings = fc.constantFrom("\n", "");

/** Two versions of one file, of which one may be absent, empty or binary. */
const versions = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .tuple(generatedFile("any"), endings, endings)
      .map(([file, first, second]) => [text(file.before, first), text(file.after, second)]),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      ["", undefined],
      [undefined, ""],
      ["\0a", "\0b"],
      [undefined, "\0"],
      ["\0", "text\n"],
    ),
  },
  { weight: 1, arbitrary: generatedFile("any").map((file) => [text(file.before, "\n"), undefined]) },
  { weight: 1, arbitrary: generatedFile("any").map((file) => [undefined, text(file.after, "\n")]) },
);

function text(lines: readonly string[], ending: string): string {
  return lines.length === 0 ? "" : lines.join("\n") + ending;
}

const trees = fc.dictionary(fc.constantFrom(...names), versions, { minKeys: 1, maxKeys: 10 }).map((files) => {
  const side = (index: number): Tree =>
    Object.fromEntries(
      Object.entries(files).flatMap(([path, each]) =>
        each[index] === undefined ? [] : [[path, each[index]]],
      ),
    );
  return { before: side(0), after: side(1) };
});

/** A file takes a new name, unless that is taken. */
const move = fc.tuple(fc.constantFrom(...names), fc.constantFrom(...names), fc.boolean());

const manner = fc.constantFrom(
  { config: [], flags: [], strip: 1 },
  { config: [], flags: ["-M", "-C", "--find-copies-harder"], strip: 1 },
  { config: ["-c", "core.quotePath=false"], flags: ["-M"], strip: 1 },
  { config: ["-c", "diff.mnemonicPrefix=true"], flags: ["-M", "-U0"], strip: 1 },
  { config: [], flags: ["-M", "--no-prefix"], strip: 0 },
  { config: [], flags: ["-M", "--binary", "--src-prefix=before/", "--dst-prefix=after/"], strip: 1 },
);

test("reads what git writes: names, states, counts and every line, and takes it back", () => {
  const property = fc.property(
    trees,
    fc.array(move, { maxLength: 3 }),
    manner,
    ({ before, after }, moves, how) => {
      const moved = applyMoves(before, after, moves);
      const pair = [store(before), store(moved)];
      const diff = git([...how.config, "diff", ...how.flags, ...pair]);
      const files = parseDiff(diff);

      expect(files.map(nameAndStatus)).toEqual(
        readNameStatus(git(["diff", ...how.flags, "--name-status", "-z", ...pair])),
      );
      expect(files.map(numstat).join("")).toBe(
        diff === "" ? "" : git(["apply", "--numstat", "-z", `-p${how.strip}`], diff),
      );
      for (const file of files) {
        if (file.binary) continue;
        const old = linesOf(before[file.previousPath ?? file.path]);
        expect(apply(file, old)).toEqual(linesOf(moved[file.path]));
        if (file.status === "removed") continue;
        const was = baseTextOf(file, moved[file.path] ?? "");
        expect(was === undefined ? was : linesOf(was)).toEqual(old);
      }
    },
  );
  fc.assert(property, { numRuns: 60 });
}, 60_000);

function applyMoves(before: Tree, after: Tree, moves: readonly [string, string, boolean][]): Tree {
  const tree: Record<string, string> = { ...after };
  for (const [from, to, keep] of moves) {
    const content = before[from];
    if (content === undefined || tree[to] !== undefined) continue;
    tree[to] = content;
    if (!keep) delete tree[from];
  }
  return tree;
}

const statusLetters: Readonly<Record<FileDiff["status"], string>> = {
  added: "A",
  removed: "D",
  modified: "M",
  renamed: "R",
  copied: "C",
};

function nameAndStatus(file: FileDiff): string[] {
  return [
    statusLetters[file.status],
    ...(file.previousPath === undefined ? [] : [file.previousPath]),
    file.path,
  ];
}

function readNameStatus(output: string): string[][] {
  const fields = output.split("\0");
  const rows: string[][] = [];
  for (let at = 0; at < fields.length - 1;) {
    const letter = fields[at]?.[0] ?? "";
    const width = letter === "R" || letter === "C" ? 3 : 2;
    rows.push([letter, ...fields.slice(at + 1, at + width)]);
    at += width;
  }
  return rows;
}

function numstat(file: FileDiff): string {
  const counts = file.binary ? "-\t-" : `${file.additions}\t${file.deletions}`;
  return `${counts}\t${file.path}\0`;
}

/** The model of a diff does not tell whether a file's last line has an end. */
function linesOf(content = ""): string[] {
  const lines = content.split("\n");
  return lines.at(-1) === "" ? lines.slice(0, -1) : lines;
}

/** Applies the hunks to the old lines, and checks each that they show on the way. */
function apply(file: FileDiff, old: readonly string[]): string[] {
  const result: string[] = [];
  let at = 0;
  for (const hunk of file.hunks) {
    const start = hunk.oldLines === 0 ? hunk.oldStart : hunk.oldStart - 1;
    result.push(...old.slice(at, start));
    at = start;
    for (const line of hunk.lines) {
      if (line.kind !== "added") {
        expect([line.oldLine, line.text]).toEqual([at + 1, old[at]]);
        at += 1;
      }
      if (line.kind === "removed") continue;
      result.push(line.text);
      expect(line.newLine).toBe(result.length);
    }
  }
  return [...result, ...old.slice(at)];
}
