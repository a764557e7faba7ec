import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Finding } from "../model.ts";
import { fingerprintFindings } from "./fingerprint.ts";

function finding(startLine: number, changes: Partial<Finding> = {}): Finding {
  return {
    source: "analyser",
    rule: "typescript/empty-catch",
    severity: "minor",
    category: "reliability",
    path: "src/a.ts",
    startLine,
    endLine: startLine,
    title: "The error is swallowed",
    body: "",
    ...changes,
  };
}

const prints = (lines: readonly string[], ...findings: Finding[]): string[] =>
  fingerprintFindings(findings, (_, line) => lines[line - 1]).map((each) => each.fingerprint);

const code = ["try {", "  pay();", "} catch {}", "done();"];

describe("fingerprintFindings", () => {
  test("is the same wherever the lines have moved, and however they are indented", () => {
    fc.assert(
      fc.property(
        fc.array(fc.string(), { maxLength: 20 }),
        fc.stringMatching(/^[ \t]{0,8}$/),
        (above, indent) => {
          const moved = [...above, ...code.map((line) => `${indent}${line}`)];
          expect(prints(moved, finding(above.length + 3))).toEqual(prints(code, finding(3)));
        },
      ),
    );
  });

  test.each<[string, string[], Finding]>([
    ["rule", code, finding(3, { rule: "typescript/other" })],
    ["path", code, finding(3, { path: "src/b.ts" })],
    ["line's text", ["", "", "} catch { log(); }"], finding(3)],
    ["source", code, finding(3, { source: "model" })],
  ])("differs with another %s", (_, lines, other) => {
    expect(prints(lines, other)).not.toEqual(prints(code, finding(3)));
  });

  test("a model's finding is known by category and title, whatever its punctuation and case", () => {
    const model = finding(3, { source: "model", rule: "model", title: "Error of `pay` is lost." });
    const same = prints(code, { ...model, title: "error of pay is lost", severity: "nit", body: "other" });
    expect(same).toEqual(prints(code, model));
    expect(prints(code, { ...model, title: "Error of refund is lost" })).not.toEqual(same);
    expect(prints(code, { ...model, category: "security" })).not.toEqual(same);
  });

  test("equal twins are counted from the top, in whatever order they come", () => {
    const twins = [...code, ...code];
    const [first, second] = prints(twins, finding(3), finding(7));
    expect(first).not.toBe(second);
    expect(prints(twins, finding(7), finding(3))).toEqual([second, first]);
    expect(prints(code, finding(3))).toEqual([first]);
    expect(prints(twins, finding(3), finding(3))).toEqual([first, first]);
  });

  test("lines of before are known by the text of before", () => {
    const before = ["if (ready)", "  pay(twice);"];
    const known = (side?: "old") =>
      fingerprintFindings(
        [finding(2, side && { side })],
        (_, line, of) => (of === "old" ? before : code)[line - 1],
      ).map((each) => each.fingerprint);
    expect(known("old")).toEqual(prints(before, finding(2)));
    expect(known("old")).not.toEqual(known());
  });
});
