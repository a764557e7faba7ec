import { describe, expect, test } from "vitest";
import { type ChunkPlan, planChunks } from "../chunks/plan-chunks.ts";
import { doubtsAbout } from "../compose/verdict.ts";
import { parseDiff } from "../diff/parse-diff.ts";
import { coverageOf } from "./coverage-of.ts";

/** A diff that adds files of so many lines. */
function adding(lines: Readonly<Record<string, number>>, line = (n: number) => `const value${n} = f(${n});`) {
  return parseDiff(
    Object.entries(lines)
      .map(([path, count]) => {
        const text = Array.from({ length: count }, (_, index) => `+${line(index + 1)}\n`).join("");
        return `diff --git a/${path} b/${path}\nnew file mode 100644\n--- /dev/null\n+++ b/${path}\n@@ -0,0 +1,${count} @@\n${text}`;
      })
      .join(""),
  );
}

const silence = { brief: "no answer", sentence: "The model gave no answer." };

/** The coverage of a review in which the model gave no answer for these chunks, counted from 0. */
function coverageWithout(files: ReturnType<typeof adding>, plan: ChunkPlan, silent: readonly number[]) {
  const coverage = coverageOf({
    change: { files, filesChanged: files.length },
    selected: files,
    skipped: [],
    inspection: { findings: [], failures: [], analysers: [], read: new Set(), unwanted: new Set() },
    reading: {
      models: ["scripted"],
      answers: [],
      plan,
      unanswered: silent.map((index) => ({ chunk: plan.chunks[index]!, silence })),
      halfAnswered: [],
      untold: new Set(),
    },
    failures: [],
  });
  return { coverage, doubts: doubtsAbout(coverage, files) };
}

describe("what was read, where the model did not answer for a part", () => {
  test("a file that was planned in part only is not subtracted from those read, and told of once", () => {
    const files = adding({ "src/a.ts": 5, "src/b.ts": 5, "src/large.ts": 900 });
    const plan = planChunks(files, { maxTokens: 1_000, maxChunks: 3 });
    expect(plan).toMatchObject({ filesRead: 2, skipped: [{ path: "src/large.ts" }] });
    const silent = plan.chunks.flatMap((chunk, index) =>
      chunk.files.every(({ file }) => file.path === "src/large.ts") ? [index] : [],
    );
    expect(silent).toHaveLength(2);
    const { coverage, doubts } = coverageWithout(files, plan, silent);
    expect(coverage.filesRead).toBe(2);
    expect(coverage.skipped).toEqual([{ path: "src/large.ts", reason: "no answer" }]);
    expect(doubts).toEqual(["One file was not read to the end.", "The model gave no answer."]);
    expect(doubts.join(" ")).not.toContain("accounted");
  });

  test("a file in several chunks without an answer is one file not read", () => {
    const files = adding({ "src/a.ts": 5, "src/large.ts": 250 });
    const plan = planChunks(files, { maxTokens: 1_000, maxChunks: 9 });
    const silent = plan.chunks.flatMap((chunk, index) =>
      chunk.files.every(({ file }) => file.path === "src/large.ts") ? [index] : [],
    );
    expect(plan.filesRead).toBe(2);
    expect(silent.length).toBeGreaterThan(1);
    const { coverage, doubts } = coverageWithout(files, plan, silent);
    expect(coverage).toMatchObject({
      filesRead: 1,
      skipped: [{ path: "src/large.ts", reason: "no answer" }],
    });
    expect(doubts.join(" ")).not.toContain("accounted");
  });

  test("lines of which the end was not shown anyway are not subtracted from those read", () => {
    const files = [
      ...adding({ "src/long.ts": 4 }, () => `const text = "${"word ".repeat(600)}";`),
      ...adding({ "src/other.ts": 60 }),
    ];
    const plan = planChunks(files, { maxTokens: 2_000, maxChunks: 9 });
    const silent = plan.chunks.flatMap((chunk, index) =>
      chunk.files.some(({ file }) => file.path === "src/long.ts") ? [index] : [],
    );
    const lines = plan.chunks.flatMap((chunk, index) =>
      silent.includes(index) ? [] : chunk.files.map(({ file }) => file.additions),
    );
    expect(plan.addedLinesRead).toBe(60);
    const { coverage } = coverageWithout(files, plan, silent);
    expect(coverage.addedLinesRead).toBe(lines.reduce((sum, count) => sum + count, 0));
    expect(coverage.addedLinesRead).toBeGreaterThan(0);
  });
});
