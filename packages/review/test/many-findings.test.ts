import { expect, test } from "vitest";
import {
  composeReview,
  fingerprintFindings,
  lineTextOfDiff,
  parseDiff,
  parseRepositoryConfig,
  type PlacedFinding,
  placeFindings,
  planChunks,
  renderSummary,
  type ReviewParts,
} from "../src/index.ts";

/**
 * A careless pull request has findings by the thousand. What they cost is counted here by how often their parts are
 * looked at.
 */
const most = 2_000;

const files = parseDiff(Array.from({ length: most }, (_, index) => newFile(`src/${index}.ts`)).join(""));
const findings: PlacedFinding[] = files.map(({ path }, index) => ({
  source: "model",
  rule: "model",
  severity: "minor",
  category: "correctness",
  path,
  startLine: 2,
  endLine: 2,
  title: `Defect ${index}`,
  body: "It **breaks** when it is empty.",
  fingerprint: String(index),
  placement: { kind: "inline", path, line: 2 },
}));
const parts: ReviewParts = {
  key: { repositoryId: 42, number: 7, headSha: "a".repeat(40), generation: 0 },
  findings,
  earlier: [],
  coverage: {
    filesChanged: most,
    filesRead: most,
    addedLines: 3 * most,
    addedLinesRead: 3 * most,
    skipped: [],
    failures: [],
    analysers: ["code rules"],
    analysed: files.map(({ path }) => path),
    model: "scripted",
  },
  summary: "",
  config: parseRepositoryConfig(undefined).config,
  files,
};
const links = { githubUrl: "https://github.com", fullName: "octocat/shop" };

test("the summary writes out what it has room for, and of the rest nothing", () => {
  const review = composeReview(parts);
  const titles = counted(review.findings, "title");
  const text = renderSummary({ ...review, findings: titles.all }, links);
  expect(text).toMatch(/1,\d{3} more findings, left out here/);
  expect(text).toMatch(/1,\d{3} more texts left out/);
  expect(titles.reads()).toBeLessThan(1_000);

  const bodies = counted(review.findings, "body");
  renderSummary({ ...review, findings: bodies.all }, links);
  expect(bodies.reads()).toBeLessThan(1_000);

  const gone = findings.map((finding) => ({ ...finding, state: "open" as const }));
  const fixed = counted(gone, "title");
  const unchecked = counted(gone, "title");
  const stillOpen = counted(findings, "title");
  const none = { ...review, findings: [] };
  renderSummary({ ...none, fixed: fixed.all, unchecked: unchecked.all }, links);
  renderSummary({ ...none, stillOpen: stillOpen.all }, links);
  expect(fixed.reads() + unchecked.reads() + stillOpen.reads()).toBeLessThan(1_500);

  const skipped = counted(
    files.map(({ path }) => ({ path, reason: `over the reading budget: ${"some ".repeat(20)}` })),
    "reason",
  );
  renderSummary({ ...review, coverage: { ...review.coverage, skipped: skipped.all } }, links);
  expect(skipped.reads()).toBeLessThan(1_000);
});

test("files are looked through once, however many findings are placed in them", () => {
  const paths = counted(files, "path");
  expect(placeFindings(findings, paths.all).every(({ placement }) => placement.kind === "inline")).toBe(true);
  expect(paths.reads()).toBeLessThan(5 * most);
});

test("a ledger of any length is compared with files and coverage once", () => {
  const earlier = findings.map((finding) => ({ ...finding, state: "open" as const }));
  const paths = counted(files, "path");
  const skipped = counted(
    files.slice(1).map(({ path }) => ({ path, reason: "over the reading budget" })),
    "path",
  );
  const review = composeReview({
    ...parts,
    findings: [],
    earlier,
    files: paths.all,
    coverage: { ...parts.coverage, skipped: skipped.all },
  });
  expect([review.fixed.length, review.unchecked.length]).toEqual([1, most - 1]);
  expect(paths.reads() + skipped.reads()).toBeLessThan(10 * most);
});

test("what many findings of one file say is read once, to find those that say the same", () => {
  const [first] = findings;
  const ofModel = counted(
    findings.map((finding) => ({ ...finding, path: "src/0.ts" })),
    "body",
  );
  const ofAnalyser = Array.from({ length: 50 }, (_, index) => ({
    ...first!,
    source: "analyser" as const,
    rule: "script/lost-promise",
    title: "A promise is lost",
    fingerprint: `rule ${index}`,
  }));
  composeReview({ ...parts, findings: [...ofAnalyser, ...ofModel.all.slice(0, 200)] });
  expect(ofModel.reads()).toBeLessThan(1_000);
});

test("only the lines of files with findings are read, to know the findings by them", () => {
  const { all, reads } = withCountedLines();
  const [known] = fingerprintFindings(findings.slice(0, 1), lineTextOfDiff(all));
  const [same] = fingerprintFindings(findings.slice(0, 1), lineTextOfDiff(files));
  expect(known?.fingerprint).toBe(same?.fingerprint);
  expect(reads()).toBeLessThan(10);
});

test("of a diff too large to be read little more is prepared than what is read", () => {
  const { all, reads } = withCountedLines();
  const plan = planChunks(all, { maxTokens: 1_000, maxChunks: 2 });
  expect(plan.filesRead + plan.skipped.length).toBe(most);
  expect(plan.addedLinesRead).toBeGreaterThan(100);
  expect(reads()).toBeLessThan(3 * plan.addedLinesRead);
});

/** The diff, with a count of the lines whose numbers are asked for. */
function withCountedLines(): { all: typeof files; reads: () => number } {
  const counters: (() => number)[] = [];
  const all = files.map((file) => ({
    ...file,
    hunks: file.hunks.map((hunk) => {
      const lines = counted(
        hunk.lines.filter((line) => line.kind === "added"),
        "newLine",
      );
      counters.push(lines.reads);
      return { ...hunk, lines: lines.all };
    }),
  }));
  return { all, reads: () => counters.reduce((sum, count) => sum + count(), 0) };
}

function newFile(path: string): string {
  return (
    `diff --git a/${path} b/${path}\nnew file mode 100644\n--- /dev/null\n+++ b/${path}\n` +
    "@@ -0,0 +1,3 @@\n+export function half(value) {\n+  return value / 2;\n+}\n"
  );
}

/** Copies that count how often one of their parts is looked at. */
function counted<T extends object>(of: readonly T[], key: keyof T): { all: T[]; reads: () => number } {
  let reads = 0;
  const all = of.map((each) =>
    Object.defineProperty({ ...each }, key, {
      enumerable: true,
      get: () => {
        reads += 1;
        return each[key];
      },
    }),
  );
  return { all, reads: () => reads };
}
