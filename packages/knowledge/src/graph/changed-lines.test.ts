import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { changedLinesOf, gapsOf, joinGaps, linesOf, sharedGaps } from "./changed-lines.ts";
import type { ChangedLines } from "./pull-request-facts.ts";

const marks = { " ": "context", "+": "added", "-": "removed" } as const;
const hunk = (oldStart: number, newStart: number, text: string) => {
  const lines = [...text].map((mark) => ({ kind: marks[mark as keyof typeof marks] }));
  const count = (...of: string[]) => [...text].filter((mark) => of.includes(mark)).length;
  return { oldStart, oldLines: count(" ", "-"), newStart, newLines: count(" ", "+"), lines };
};

test("changed lines are told without their context, each run by itself", () => {
  expect(changedLinesOf([hunk(10, 10, "   --+   +   -   "), hunk(100, 99, "   -+   ")])).toEqual([
    { oldStart: 13, oldLines: 2, newStart: 13, newLines: 1 },
    { oldStart: 17, oldLines: 0, newStart: 17, newLines: 1 },
    { oldStart: 21, oldLines: 1, newStart: 20, newLines: 0 },
    { oldStart: 103, oldLines: 1, newStart: 102, newLines: 1 },
  ]);
});

test("files that are new or gone have one run", () => {
  expect(changedLinesOf([hunk(0, 1, "+++")])).toEqual([
    { oldStart: 0, oldLines: 0, newStart: 1, newLines: 3 },
  ]);
  expect(changedLinesOf([hunk(1, 0, "--")])).toEqual([
    { oldStart: 1, oldLines: 2, newStart: 0, newLines: 0 },
  ]);
});

test.each([
  [{ oldStart: 5, oldLines: 3 }, [4, 7], { startLine: 5, endLine: 7 }],
  [{ oldStart: 5, oldLines: 0 }, [5, 5], { startLine: 5, endLine: 5 }],
  [{ oldStart: 0, oldLines: 0 }, [0, 0], { startLine: 1, endLine: 1 }],
] as const)("a change %j takes part in the gaps %j", (change, gaps, lines) => {
  expect(gapsOf({ ...change, newStart: 1, newLines: 1 })).toEqual(gaps);
  expect(linesOf(gaps)).toEqual(lines);
});

type Edits = { readonly line: number; readonly kind: "replace" | "remove" | "add" }[];

/** A version of a text, with a line replaced, taken away or added here and there. */
const editsOf = (...kinds: Edits[0]["kind"][]): fc.Arbitrary<Edits> =>
  fc.uniqueArray(fc.record({ line: fc.integer({ min: 1, max: 12 }), kind: fc.constantFrom(...kinds) }), {
    selector: ({ line }) => line,
    minLength: 1,
    maxLength: 3,
  });

test("two changes share a gap where git can't merge them, and only there", { timeout: 120_000 }, () => {
  const folder = mkdtempSync(join(tmpdir(), "nectr-merge-"));
  try {
    fc.assert(
      // Where both take the same away, git is content: so one of them only replaces and adds.
      fc.property(editsOf("replace", "remove", "add"), editsOf("replace", "add"), (mine, theirs) => {
        const [one, other] = [changesOf(mine), changesOf(theirs)].map((runs) => joinGaps(runs.map(gapsOf)));
        expect(sharedGaps(one!, other!).length > 0).toBe(conflictInGit(folder, mine, theirs));
      }),
      { numRuns: 60 },
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

function changesOf(list: Edits): ChangedLines[] {
  return list.map(({ line, kind }) => ({
    oldStart: line,
    oldLines: kind === "add" ? 0 : 1,
    newStart: line,
    newLines: kind === "remove" ? 0 : 1,
  }));
}

function conflictInGit(folder: string, mine: Edits, theirs: Edits): boolean {
  const write = (name: string, list: Edits, mark: string) => {
    const lines = Array.from({ length: 12 }, (_, i) => {
      const kind = list.find(({ line }) => line === i + 1)?.kind;
      if (kind === "remove") return "";
      return kind === "replace"
        ? `${mark} ${i}\n`
        : `line ${i}\n${kind === "add" ? `${mark} after ${i}\n` : ""}`;
    });
    writeFileSync(join(folder, name), lines.join(""));
  };
  write("base", [], "");
  write("mine", mine, "mine");
  write("theirs", theirs, "theirs");
  const { status } = spawnSync("git", ["merge-file", "-p", "--diff3", "mine", "base", "theirs"], {
    cwd: folder,
  });
  return status !== 0;
}
