import { describe, expect, test } from "vitest";
import { repositoryConfigSchema } from "../configuration/repository-config.ts";
import type { Coverage, EarlierFinding, FileDiff, LedgerState, PlacedFinding } from "../model.ts";
import { composeReview, moveToSummary, type ReviewParts } from "./compose-review.ts";

const config = repositoryConfigSchema.parse({});
const key = { repositoryId: 42, number: 7, headSha: "a".repeat(40), generation: 0 };
const coverage: Coverage = {
  filesChanged: 2,
  filesRead: 2,
  addedLines: 10,
  addedLinesRead: 10,
  skipped: [],
  failures: [],
  analysers: ["secrets"],
  analysed: ["src/a.ts", "src/b.ts"],
  model: "scripted",
};

function finding(fingerprint: string, changes: Partial<PlacedFinding> = {}): PlacedFinding {
  const line = changes.startLine ?? 3;
  return {
    source: "model",
    rule: "model",
    severity: "minor",
    category: "correctness",
    path: "src/a.ts",
    startLine: line,
    endLine: line,
    title: `Defect ${fingerprint}`,
    body: "It breaks.",
    fingerprint,
    placement: { kind: "inline", path: changes.path ?? "src/a.ts", line },
    ...changes,
  };
}

function earlier(
  fingerprint: string,
  state: LedgerState,
  changes: Partial<EarlierFinding> = {},
): EarlierFinding {
  return {
    fingerprint,
    state,
    source: "model",
    path: "src/a.ts",
    title: `Defect ${fingerprint}`,
    severity: "minor",
    ...changes,
  };
}

const compose = (parts: Partial<ReviewParts>) =>
  composeReview({ key, findings: [], earlier: [], coverage, summary: "", config, ...parts });
const prints = (findings: readonly { fingerprint: string }[]) => findings.map((each) => each.fingerprint);

describe("the ledger", () => {
  test("a push: one is still there, one is repaired, one is new, one was dismissed, one is back", () => {
    const review = compose({
      findings: [finding("there"), finding("new"), finding("dismissed"), finding("back", { startLine: 9 })],
      earlier: [
        earlier("there", "open"),
        earlier("repaired", "open"),
        earlier("dismissed", "dismissed"),
        earlier("back", "fixed"),
        earlier("long gone", "fixed"),
      ],
    });
    expect(prints(review.findings)).toEqual(["new", "back"]);
    expect(review.findings.map((each) => each.regressed ?? false)).toEqual([false, true]);
    expect(prints(review.stillOpen)).toEqual(["there"]);
    expect(prints(review.fixed)).toEqual(["repaired"]);
    expect(review.hidden).toEqual({ belowMinimum: 0, dismissed: 1 });
  });

  test("one that came back once and is there still is not commented a third time", () => {
    const review = compose({ findings: [finding("x")], earlier: [earlier("x", "regressed")] });
    expect([prints(review.findings), prints(review.stillOpen)]).toEqual([[], ["x"]]);
  });

  const skipped = { ...coverage, filesRead: 1, skipped: [{ path: "src/a.ts", reason: "over the budget" }] };
  const { model: _, ...withoutModel } = coverage;
  test.each<[string, Partial<ReviewParts>, "fixed" | "unchecked"]>([
    ["its file was read", {}, "fixed"],
    ["its file was not read", { coverage: skipped }, "unchecked"],
    ["its file is deleted", { coverage: skipped, files: [deleted("src/a.ts")] }, "fixed"],
    ["no model ran", { coverage: withoutModel }, "unchecked"],
    [
      "no model ran, but an analyser had found it",
      { coverage: withoutModel, earlier: [earlier("x", "open", { source: "analyser" })] },
      "fixed",
    ],
    [
      "an analyser had found it, and none could read the file now",
      { coverage: { ...coverage, analysed: [] }, earlier: [earlier("x", "open", { source: "analyser" })] },
      "unchecked",
    ],
    [
      "an analyser had found it, and read the file under its new name",
      {
        coverage: { ...coverage, filesChanged: 1, analysed: ["new.ts"] },
        files: [changed("new.ts", { status: "renamed", previousPath: "src/a.ts" })],
        earlier: [earlier("x", "open", { source: "analyser" })],
      },
      "fixed",
    ],
    ["its file was read by a model that was not told of it", { untold: new Set(["x"]) }, "unchecked"],
    [
      "an analyser had found it, and read the file; the model was not told of it",
      { untold: new Set(["x"]), earlier: [earlier("x", "open", { source: "analyser" })] },
      "fixed",
    ],
    [
      "its file is no longer in the diff",
      { coverage: { ...withoutModel, filesChanged: 1, analysed: [] }, files: [changed("src/b.ts")] },
      "fixed",
    ],
    [
      "its file is not among those that GitHub listed",
      { coverage: { ...withoutModel, filesChanged: 9 }, files: [changed("src/b.ts")] },
      "unchecked",
    ],
  ])("not found again: %s", (_, parts, where) => {
    const review = compose({ earlier: [earlier("x", "open")], ...parts });
    expect(prints(review[where])).toEqual(["x"]);
    expect(review.fixed.length + review.unchecked.length).toBe(1);
  });
});

function changed(path: string, changes: Partial<FileDiff> = {}): FileDiff {
  return {
    path,
    status: "modified",
    binary: false,
    patchMissing: false,
    additions: 1,
    deletions: 1,
    hunks: [],
    ...changes,
  };
}

function deleted(path: string): FileDiff {
  return changed(path, { status: "removed", additions: 0 });
}

test("no string of a review is one that a database refuses", () => {
  const half = "\u{1F600}".slice(0, 1);
  const review = compose({
    findings: [finding("x", { title: `a\0${half}`, suggestion: `b\0${half}` })],
    coverage: { ...coverage, failures: [`c\0${half}`] },
    summary: `d\0${half}`,
  });
  expect(JSON.stringify(review)).not.toMatch(/\\u0000|\\ud83d/);
  expect(review.findings).toHaveLength(1);
});

describe("duplicates", () => {
  const analyser = finding("analyser", {
    source: "analyser",
    rule: "typescript/sql-injection",
    category: "security",
    severity: "moderate",
    title: "SQL is built from a variable",
  });
  const model = finding("model", {
    category: "security",
    severity: "moderate",
    title: "SQL injection through the search term",
  });

  test("one fingerprint, found in two chunks, is one finding", () => {
    expect(compose({ findings: [finding("x"), finding("x")] }).findings).toHaveLength(1);
  });

  test("analyser and model about the same: the analyser's is kept, the worse before it, the known before both", () => {
    expect(prints(compose({ findings: [model, analyser] }).findings)).toEqual(["analyser"]);
    const worse: PlacedFinding = { ...model, severity: "critical" };
    expect(prints(compose({ findings: [analyser, worse] }).findings)).toEqual(["model"]);
    const known = compose({ findings: [analyser, model], earlier: [earlier("model", "open")] });
    expect([prints(known.findings), prints(known.stillOpen), prints(known.fixed)]).toEqual([
      [],
      ["model"],
      [],
    ]);
  });

  test("what a person dismissed stays silent in other words, too", () => {
    const review = compose({ findings: [analyser, model], earlier: [earlier("model", "dismissed")] });
    expect(review.findings).toEqual([]);
  });

  test.each<[string, Partial<PlacedFinding>]>([
    ["other lines", { startLine: 30, endLine: 30 }],
    ["lines of before", { side: "old" }],
    ["another file", { path: "src/b.ts" }],
    ["another harm", { category: "performance" }],
    ["other words", { title: "Committed key of the payment service" }],
  ])("they are two with %s", (_, change) => {
    expect(compose({ findings: [analyser, { ...model, ...change }] }).findings).toHaveLength(2);
  });

  test("two rules of the analysers on one line are two", () => {
    expect(compose({ findings: [analyser, { ...analyser, fingerprint: "b" }] }).findings).toHaveLength(2);
  });
});

describe("rank, cap, and what is not shown", () => {
  test("the worst first, then by path and line; over the limit they are told in the summary", () => {
    const review = compose({
      findings: [
        finding("d", { path: "src/b.ts", startLine: 1, endLine: 1 }),
        finding("c", { startLine: 20, endLine: 20 }),
        finding("b", { startLine: 9, endLine: 9 }),
        finding("a", { severity: "critical", path: "z.ts" }),
      ],
      config: { ...config, findings: { ...config.findings, maximum: 2 } },
    });
    expect(prints(review.findings)).toEqual(["a", "b", "c", "d"]);
    expect(review.findings.map(({ placement }) => placement.kind)).toEqual([
      "inline",
      "inline",
      "summary",
      "summary",
    ]);
    expect(review.findings[2]?.placement).toEqual({
      kind: "summary",
      reason: "over the limit of 2 inline comments",
    });
  });

  test("below the minimum they are counted, not shown, and not called fixed", () => {
    const review = compose({
      findings: [
        finding("nit", { severity: "nit" }),
        finding("known", { severity: "nit" }),
        finding("moderate", { severity: "moderate" }),
      ],
      earlier: [earlier("known", "open")],
      config: { ...config, findings: { ...config.findings, minimumSeverity: "minor" } },
    });
    expect([prints(review.findings), review.hidden.belowMinimum, review.fixed]).toEqual([
      ["moderate"],
      2,
      [],
    ]);
  });

  test("a section's minimum counts for the files in its directory", () => {
    const review = compose({
      findings: [finding("a", { path: "src/a.ts" }), finding("b", { path: "tools/b.ts" })],
      config: repositoryConfigSchema.parse({
        sections: [{ directory: "tools", findings: { minimumSeverity: "critical" } }],
      }),
    });
    expect([prints(review.findings), review.hidden.belowMinimum]).toEqual([["a"], 1]);
  });

  test("comments that GitHub refused move into the summary", () => {
    const inSummary = finding("s", {
      placement: { kind: "summary", reason: "elsewhere" },
      startLine: 1,
      endLine: 1,
    });
    const review = compose({
      findings: [inSummary, finding("a", { startLine: 2, endLine: 2 }), finding("b")],
    });
    const moved = moveToSummary(review, [1], "GitHub took no comment there");
    expect(moved.findings.map(({ placement }) => placement.kind === "summary" && placement.reason)).toEqual([
      "elsewhere",
      false,
      "GitHub took no comment there",
    ]);
  });
});

describe("verdict", () => {
  const { model: _, ...withoutModel } = coverage;
  test.each<[string, Partial<ReviewParts>, string]>([
    ["nothing found, all read", {}, "approve"],
    ["a minor one", { findings: [finding("x")] }, "comment"],
    ["a moderate one", { findings: [finding("x", { severity: "moderate" })] }, "request_changes"],
    [
      "a moderate one that is not commented again",
      { findings: [finding("x", { severity: "moderate" })], earlier: [earlier("x", "open")] },
      "request_changes",
    ],
    [
      "a critical one in what was not read",
      {
        earlier: [earlier("x", "open", { path: "b", severity: "critical" })],
        coverage: { ...coverage, skipped: [{ path: "b", reason: "" }] },
      },
      "request_changes",
    ],
    [
      "a critical one that was dismissed",
      { findings: [finding("x", { severity: "critical" })], earlier: [earlier("x", "dismissed")] },
      "approve",
    ],
    [
      "a file that ought to have been read",
      { coverage: { ...coverage, filesRead: 1, skipped: [{ path: "b", reason: "over the budget" }] } },
      "comment",
    ],
    [
      "a lock file",
      {
        coverage: {
          ...coverage,
          filesRead: 1,
          skipped: [{ path: "b", reason: "a lock file", expected: true }],
        },
      },
      "approve",
    ],
    [
      "nothing but a lock file",
      {
        coverage: {
          ...coverage,
          filesChanged: 1,
          filesRead: 0,
          skipped: [{ path: "b", reason: "a lock file", expected: true }],
        },
      },
      "comment",
    ],
    [
      "a file that the analysers could not read",
      { files: [changed("src/a.ts"), changed("src/c.ts")] },
      "comment",
    ],
    ["every file with new lines analysed", { files: [changed("src/a.ts"), deleted("src/c.ts")] }, "approve"],
    ["a file that nobody accounts for", { coverage: { ...coverage, filesChanged: 3 } }, "comment"],
    ["no model", { coverage: withoutModel }, "comment"],
    ["no reviewer at all", { coverage: { ...withoutModel, analysers: [] } }, "comment"],
  ])("%s: %s", (_, parts, verdict) => {
    const review = compose(parts);
    expect(review.verdict).toBe(verdict);
    if (verdict === "approve") expect(review.doubts).toEqual([]);
  });

  test("says how many files look generated, and what to do about it", () => {
    const skipped = ["a", "b", "c"].map((path) => ({
      path,
      reason: "minified",
      looks: "generated" as const,
    }));
    const { verdict, doubts } = compose({ coverage: { ...coverage, filesChanged: 5, skipped } });
    expect(verdict).toBe("comment");
    expect(doubts).toEqual([
      "3 files that look generated or vendored were not read; `paths.ignore` in `.nectr.yml` is the place for what nobody needs to read.",
    ]);
  });
});

describe("the team's rules for verdicts", () => {
  const verdictWith = (verdict: object, findings: PlacedFinding[] = []) =>
    compose({ findings, config: repositoryConfigSchema.parse({ verdict }) }).verdict;
  const minor = [finding("m", { severity: "minor" })];
  const critical = [finding("c", { severity: "critical" })];

  test.each([
    ["for what is moderate or worse, unless told otherwise", {}, critical, "request_changes"],
    ["not for less", {}, minor, "comment"],
    ["for less, where the team says so", { requestChanges: "minor" }, minor, "request_changes"],
    ["never", { requestChanges: "never" }, critical, "comment"],
    ["approved", {}, [], "approve"],
    ["never approved", { approve: false }, [], "comment"],
  ] as const)("%s", (_, rules, findings, verdict) => {
    expect(verdictWith(rules, [...findings])).toBe(verdict);
  });
});
