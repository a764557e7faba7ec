import { type CommentPlace, judgeComments } from "@nectr/github-simulator";
import { type CodeScope, commentPlace, type Finding, parseDiff, placeFindings } from "@nectr/review";
import { type GeneratedDiff, generatedDiff } from "@nectr/review/testing";
import fc from "fast-check";
import gitdiffParser from "gitdiff-parser";
import { expect, inject, test } from "vitest";

const diffs = inject("full") ? 100_000 : 20_000;
const findingsPerDiff = 20;

// Its types tell of an ES module; what Node imports by default is the CommonJS module's own object.
const otherParser = gitdiffParser as unknown as (typeof gitdiffParser)["default"];

/** What a model might say of a line: which file, under what name, which lines of which side, and which code. */
const claim = fc.record({
  file: fc.nat(3),
  prefix: fc.constantFrom("", "", "", "./", "a/", "b/", "no/"),
  side: fc.constantFrom("new", "new", "old"),
  startLine: fc.integer({ min: 0, max: 50 }),
  more: fc.constantFrom(0, 0, 1, 2, 5, 30, -4),
  quoted: fc.option(
    fc.record({
      of: fc.constantFrom("before", "after"),
      line: fc.nat(50),
      lines: fc.constantFrom(1, 1, 2, 3, 7),
      mark: fc.constantFrom("", "", "+", "-", "12 +", "12  ", "  "),
    }),
  ),
});
type Claim = typeof claim extends fc.Arbitrary<infer C> ? C : never;

const scope: fc.Arbitrary<CodeScope> = fc
  .tuple(fc.constantFrom("class", "function"), fc.integer({ min: 1, max: 50 }), fc.nat(30))
  .map(([kind, startLine, more]) => ({ name: "f", kind, startLine, endLine: startLine + more }));

const cases = fc.record({
  diff: generatedDiff,
  claims: fc.array(claim, { minLength: findingsPerDiff, maxLength: findingsPerDiff }),
  scopes: fc.array(scope, { maxLength: 4 }),
  knowsTexts: fc.boolean(),
});

function findingOf({ files }: GeneratedDiff, each: Claim, title: string): Finding {
  const file = files[each.file % files.length];
  const { quoted } = each;
  const quote = quoted && file?.[quoted.of].slice(quoted.line, quoted.line + quoted.lines);
  return {
    source: "model",
    rule: "model",
    severity: "minor",
    category: "correctness",
    path: each.prefix + (file?.path ?? ""),
    ...(each.side === "old" ? { side: "old" } : {}),
    startLine: each.startLine,
    endLine: each.startLine + each.more,
    ...(quote ? { quote: quote.map((line) => `${quoted.mark}${line}`).join("\n") } : {}),
    title,
    body: "",
  };
}

/** The comments that a third parser, which shares no line with ours or the simulator's, has no such lines for. */
function unknownToOther(
  diff: string,
  places: readonly CommentPlace[],
): { read: number; unknown: CommentPlace[] } {
  // Of a quoted name it makes another one: of such files it says nothing.
  const hunksOf = new Map(
    otherParser.parse(diff).map((file) => {
      const path = file.type === "delete" ? file.oldPath : file.newPath;
      return [path.replace(/\t$/, ""), file.hunks.map(({ changes }) => changes.flatMap(numbersOf))];
    }),
  );
  const read = places.filter(({ path }) => hunksOf.has(path));
  const unknown = read.filter(({ path, side, line, start_line: start = line }) => {
    const wanted = Array.from({ length: line - start + 1 }, (_, index) => `${side} ${start + index}`);
    return !hunksOf.get(path)?.some((numbers) => wanted.every((each) => numbers.includes(each)));
  });
  return { read: read.length, unknown };
}

type OtherChange = ReturnType<typeof otherParser.parse>[number]["hunks"][number]["changes"][number];

function numbersOf(change: OtherChange): string[] {
  if (change.type === "delete") return [`LEFT ${change.lineNumber}`];
  if (change.type === "insert") return [`RIGHT ${change.lineNumber}`];
  return [`LEFT ${change.oldLineNumber}`, `RIGHT ${change.newLineNumber}`];
}

/** Of findings without a quote: those of which GitHub takes a comment on their first line or on their last. */
function placeable(diff: string, findings: readonly Finding[]): Set<string> {
  const probes = findings.flatMap(({ path, side, startLine, endLine, quote, title }) =>
    quote === undefined
      ? [startLine, endLine].map((line) => ({
          path,
          line,
          side: side === "old" ? ("LEFT" as const) : ("RIGHT" as const),
          title,
        }))
      : [],
  );
  return new Set(judgeComments(diff, probes).accepted.map(({ title }) => title));
}

test(`no comment that GitHub refuses for ${diffs} diffs, and no finding lost`, () => {
  const counts = { findings: 0, comments: 0, left: 0, several: 0, byQuote: 0, bySymbol: 0, judgedTwice: 0 };
  const property = fc.property(cases, ({ diff, claims, scopes, knowsTexts }) => {
    const findings = claims.map((each, index) => findingOf(diff, each, String(index)));
    const files = parseDiff(diff.text);
    const placed = placeFindings(findings, files, {
      scopes: new Map(files.map(({ path }) => [path, scopes])),
      texts: new Map(knowsTexts ? diff.files.map(({ path, after }) => [path, after.join("\n")]) : []),
    });
    expect(placed.map(({ title }) => title)).toEqual(findings.map(({ title }) => title));
    const places = placed.flatMap(({ placement }) => commentPlace(placement) ?? []);
    const inSummary = placed.filter(({ placement }) => placement.kind === "summary");
    expect(places.length + inSummary.length).toBe(findings.length);

    expect(judgeComments(diff.text, places).refused).toEqual([]);
    const { read, unknown } = unknownToOther(diff.text, places);
    expect(unknown).toEqual([]);

    const shown = placeable(diff.text, placed);
    expect(inSummary.filter(({ title }) => shown.has(title))).toEqual([]);
    for (const { placement, quote, startLine, endLine } of placed) {
      if (placement.kind === "summary" || placement.by === "symbol") continue;
      const { startLine: start = placement.line, line } = placement;
      expect(startLine <= start && start <= line && line <= endLine).toBe(true);
      if (quote === undefined) expect(placement.by).toBe("line");
    }

    const by = (way: string): number =>
      placed.filter(({ placement }) => placement.kind === "inline" && placement.by === way).length;
    counts.findings += findings.length;
    counts.comments += places.length;
    counts.left += places.filter(({ side }) => side === "LEFT").length;
    counts.several += places.filter((place) => place.start_line !== undefined).length;
    counts.byQuote += by("quote");
    counts.bySymbol += by("symbol");
    counts.judgedTwice += read;
  });
  fc.assert(property, { numRuns: diffs });
  // Each way is really tried: what is never placed is never refused.
  expect(counts.comments).toBeGreaterThan(5 * diffs);
  expect(counts.left).toBeGreaterThan(diffs);
  expect(counts.several).toBeGreaterThan(diffs);
  expect(counts.byQuote).toBeGreaterThan(diffs);
  expect(counts.bySymbol).toBeGreaterThan(diffs / 10);
  expect(counts.judgedTwice).toBeGreaterThan(2 * diffs);
}, 600_000);
