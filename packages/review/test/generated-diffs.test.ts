import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { expect, test } from "vitest";
import { parseDiff } from "../src/index.ts";
import { generatedDiff } from "./generated-diffs.ts";

test("what is generated is what git reads, and we read it as git does", () => {
  const property = fc.property(generatedDiff, ({ text }) => {
    if (text === "") return;
    const read = execFileSync("git", ["apply", "--numstat", "-z", "-"], {
      input: text,
      encoding: "utf8",
      stdio: "pipe",
    });
    const counted = parseDiff(text).map(
      ({ path, binary, additions, deletions }) =>
        `${binary ? "-\t-" : `${additions}\t${deletions}`}\t${path}\0`,
    );
    expect(counted.join("")).toBe(read);
  });
  fc.assert(property, { numRuns: 150 });
});
