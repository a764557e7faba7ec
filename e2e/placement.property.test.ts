import { commentableLines, type CommentableHunk } from "@nectr/github-simulator";
import { type Finding, parseDiff, placeFinding, type Placement } from "@nectr/review";
import { generatedDiff } from "@nectr/review/testing";
import fc from "fast-check";
import gitdiffParser from "gitdiff-parser";
import { expect, test } from "vitest";

const diffs = 20_000;
const findingsPerDiff = 20;
const commentsWanted = 100_000;

// Its types tell of an ES module; what Node imports by default is the CommonJS module's own object.
const otherParser = gitdiffParser as unknown as (typeof gitdiffParser)["default"];

/** Which file of the diff, under what prefix, from which line, over how many lines more. */
const place = fc.tuple(
  fc.nat(3),
  fc.constantFrom("", "", "", "./", "a/", "b/"),
  fc.integer({ min: 0, max: 50 }),
  fc.constantFrom(0, 0, 1, 2, 5, 30),
);
const diffWithPlaces = fc.tuple(
  generatedDiff,
  fc.array(place, { minLength: findingsPerDiff, maxLength: findingsPerDiff }),
);

type Place = Pick<Finding, "path" | "startLine" | "endLine">;

/** By path: for each hunk, the lines of the new side. */
type NewSides = ReadonlyMap<string, readonly ReadonlySet<number>[]>;

/** What the simulated GitHub takes a comment on. */
function bySimulator(diff: string): NewSides {
  const rightOf = (hunks: readonly CommentableHunk[]) => hunks.map((hunk) => hunk.right);
  return new Map([...commentableLines(diff)].map(([path, hunks]) => [path, rightOf(hunks)]));
}

/** The same by a parser that shares no line with ours or the simulator's. */
function byOtherParser(diff: string): NewSides {
  return new Map(
    otherParser
      .parse(diff)
      .map((file) => [
        (file.type === "delete" ? file.oldPath : file.newPath).replace(/\t$/, ""),
        file.hunks.map((hunk) => new Set(hunk.changes.flatMap(newLine))),
      ]),
  );
}

type OtherChange = ReturnType<typeof otherParser.parse>[number]["hunks"][number]["changes"][number];

function newLine(change: OtherChange): number[] {
  if (change.type === "delete") return [];
  return [change.type === "insert" ? change.lineNumber : change.newLineNumber];
}

/** Whether one hunk shows all of the lines on its new side. */
function shows(sides: NewSides, path: string, start: number, end: number): boolean {
  const lines = Array.from({ length: end - start + 1 }, (_, index) => start + index);
  return sides.get(path)?.some((hunk) => lines.every((line) => hunk.has(line))) ?? false;
}

/** What is wrong with a finding's place; `undefined` if nothing is. */
function complaint(finding: Place, path: string, placement: Placement, judges: readonly NewSides[]) {
  const { startLine, endLine } = finding;
  if (placement.kind === "summary") {
    const ends = [startLine, endLine];
    const placeable = judges.some((sides) => ends.some((line) => shows(sides, path, line, line)));
    return placeable ? "needlessly in the summary" : undefined;
  }
  const { line, startLine: start = line } = placement;
  if (placement.path !== path || start < startLine || line > endLine) return "not on lines that it names";
  if (placement.startLine !== undefined && placement.startLine >= line) {
    return "its start is not before its line";
  }
  return judges.every((sides) => shows(sides, path, start, line)) ? undefined : "outside a hunk";
}

test("no comment outside a hunk in 100,000, as the simulator and a second parser judge", () => {
  let comments = 0;
  const property = fc.property(diffWithPlaces, ([diff, places]) => {
    const judges = [bySimulator(diff.text), byOtherParser(diff.text)];
    const files = parseDiff(diff.text);
    for (const [index, prefix, startLine, more] of places) {
      const path = diff.files[index % diff.files.length]?.path ?? "";
      const finding: Place = { path: prefix + path, startLine, endLine: startLine + more };
      const placement = placeFinding(finding, files);
      const wrong = complaint(finding, path, placement, judges);
      if (wrong) throw new Error(`${wrong}: ${JSON.stringify({ finding, placement })}`);
      if (placement.kind === "inline") comments += 1;
    }
  });
  fc.assert(property, { numRuns: diffs });
  expect(comments).toBeGreaterThan(commentsWanted);
}, 60_000);
