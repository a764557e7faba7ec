import { describe, expect, test } from "vitest";
import { renderJson } from "../src/output/json.ts";
import { sarifOf, renderSarif } from "../src/output/sarif.ts";
import { renderTerminal } from "../src/output/terminal.ts";
import { exitStatus } from "../src/review/exit-status.ts";
import { finding, localReview } from "./sample-review.ts";

const excerpt = () => ["const total = a - b;", "return total;"];
const plain = { colours: false, width: 80, excerpt };

describe("on a terminal", () => {
  test("a finding is shown with its code, its text and what should stand there", () => {
    const shown = renderTerminal(
      localReview([finding({ suggestion: "const total = a + b;\nreturn total;" })]),
      plain,
    );
    expect(shown).toMatchInlineSnapshot(`
      "src/a.ts

        3-4  moderate  The total is wrong  correctness, model
          3 | const total = a - b;
          4 | return total;
          It adds what it should take away.
          suggested:
          - const total = a - b;
          + const total = a + b;
            return total;

      1 finding (1 moderate) in origin/main..feature (working tree)
      1 of 1 changed file and 8 of 8 added lines read; by the analysers and model-1; 12,345 tokens in, 678 out, $0.04
      "
    `);
  });

  test("files come one after the other, and lines in their order", () => {
    const shown = renderTerminal(
      localReview([
        finding({ path: "b.ts", startLine: 9, endLine: 9, title: "later" }),
        finding({ path: "a.ts", title: "other file" }),
        finding({ path: "b.ts", startLine: 2, endLine: 2, title: "sooner", severity: "nit" }),
      ]),
      plain,
    );
    const at = (text: string) => shown.indexOf(text);
    expect(at("b.ts\n")).toBeLessThan(at("sooner"));
    expect(at("sooner")).toBeLessThan(at("later"));
    expect(at("later")).toBeLessThan(at("a.ts\n"));
  });

  test("nothing that a model, a file's name or a branch says can steer it", () => {
    const evil = "\u001B]0;owned\u0007\u001B[2J\u009B31m\r\u202E";
    const review = localReview(
      [
        finding({
          title: evil,
          body: evil,
          path: `src/${evil}`,
          suggestion: evil,
          rule: evil,
          source: "analyser",
        }),
      ],
      { skipped: [{ path: evil, reason: evil }], failures: [evil], modelTroubles: [evil], model: evil },
      { untracked: [evil], remarks: [evil] },
    );
    const hostile = {
      ...review,
      review: { ...review.review, summary: evil },
      range: { ...review.range, headRef: evil, baseRef: evil },
    };
    const shown = renderTerminal(hostile, { ...plain, excerpt: () => [evil] });
    expect(shown).not.toMatch(/(?!\n)[\p{Cc}\u202A-\u202E]/u);
  });

  test("colours come only where they are wanted", () => {
    expect(renderTerminal(localReview([finding()]), { ...plain, colours: true })).toContain("\u001B[33m");
    expect(renderTerminal(localReview([finding()]), plain)).not.toContain("\u001B");
  });

  test("what was not read is named, and what nobody expects to be read is left out", () => {
    const shown = renderTerminal(
      localReview([], {
        skipped: [
          { path: "pnpm-lock.yaml", reason: "a lock file", expected: true },
          { path: "big.ts", reason: "over the limit" },
        ],
      }),
      plain,
    );
    expect(shown).toContain("big.ts: over the limit");
    expect(shown).toContain("\nLeft out: pnpm-lock.yaml (a lock file)\n");
    const many = Array.from({ length: 12 }, (_, at) => ({
      path: `${at}`,
      reason: "deleted",
      expected: true,
    }));
    expect(renderTerminal(localReview([], { skipped: many }), plain)).toContain("9 (deleted) and 2 more\n");
  });
});

describe("exit status", () => {
  const unread = { skipped: [{ path: "big.ts", reason: "over the limit" }] };
  test.each([
    ["nothing found, all read", localReview([]), "moderate", 0],
    ["a finding at the limit", localReview([finding({ severity: "moderate" })]), "moderate", 1],
    ["a finding below it", localReview([finding({ severity: "minor" })]), "moderate", 0],
    ["a finding below it, and another limit", localReview([finding({ severity: "nit" })]), "nit", 1],
    ["nothing found, but not all read", localReview([], unread), "moderate", 3],
    ["found, and not all read", localReview([finding()], unread), "moderate", 1],
    [
      "a model that did not answer",
      localReview([], { modelTroubles: ["It did not answer."] }),
      "critical",
      3,
    ],
    [
      "a lock file left out",
      localReview([], { skipped: [{ path: "l", reason: "r", expected: true }] }),
      "nit",
      0,
    ],
    ["never, whatever was found", localReview([finding({ severity: "critical" })], unread), "never", 0],
  ] as const)("%s", (_, local, failOn, status) => {
    expect(exitStatus(local, failOn)).toBe(status);
  });
});

describe("as JSON", () => {
  test("the shape that is documented", () => {
    const json: unknown = JSON.parse(renderJson(localReview([finding()], {}, { untracked: ["new.ts"] }), 1));
    expect(json).toMatchInlineSnapshot(`
      {
        "base": {
          "mergeBase": "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
          "ref": "origin/main",
          "sha": "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        },
        "cost": {
          "costUsd": 0.042,
          "inputTokens": 12345,
          "outputTokens": 678,
        },
        "coverage": {
          "addedLines": 8,
          "addedLinesRead": 8,
          "analysers": [
            "secrets",
          ],
          "filesChanged": 1,
          "filesRead": 1,
          "model": "model-1",
          "modelAbsence": null,
          "skipped": [],
          "unread": [],
          "untracked": [
            "new.ts",
          ],
        },
        "exitStatus": 1,
        "findings": [
          {
            "body": "It adds what it should take away.",
            "category": "correctness",
            "confidence": null,
            "endLine": 4,
            "fingerprint": "0123456789abcdef0123456789abcdef",
            "path": "src/a.ts",
            "rule": "model",
            "severity": "moderate",
            "side": "new",
            "source": "model",
            "startLine": 3,
            "suggestion": null,
            "title": "The total is wrong",
          },
        ],
        "head": {
          "ref": "feature",
          "sha": "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb",
          "workingTree": true,
        },
        "remarks": [],
        "summary": "",
        "verdict": "request_changes",
        "version": 1,
        "withheld": [],
      }
    `);
  });
});

describe("as SARIF", () => {
  const model = finding({ suggestion: "const total = a + b;\nreturn total;\n", confidence: 0.9 });
  const rule = finding({
    source: "analyser",
    rule: "script/sql-injection",
    category: "security",
    severity: "critical",
  });

  test("each result names its rule, its lines, its level and its fingerprint", () => {
    const [run] = sarifOf(localReview([model, rule, { ...rule, startLine: 9, endLine: 9 }])).runs;
    expect(run?.tool.driver.rules?.map(({ id }) => id)).toEqual([
      "model/correctness",
      "script/sql-injection",
    ]);
    expect(run?.results?.map(({ ruleId, ruleIndex, level }) => [ruleId, ruleIndex, level])).toEqual([
      ["model/correctness", 0, "warning"],
      ["script/sql-injection", 1, "error"],
      ["script/sql-injection", 1, "error"],
    ]);
    expect(run?.results?.[0]).toMatchObject({
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: "src/a.ts", uriBaseId: "%SRCROOT%" },
            region: { startLine: 3, endLine: 4 },
          },
        },
      ],
      partialFingerprints: { "nectrFingerprint/v1": model.fingerprint },
    });
    expect(run?.tool.driver.rules?.[1]?.properties).toEqual({
      tags: ["security"],
      "security-severity": "9.0",
    });
  });

  test("a suggestion replaces its lines, and one that is empty takes them away with their line end", () => {
    const fixOf = (suggestion: string) =>
      sarifOf(localReview([finding({ suggestion })])).runs[0]?.results?.[0]?.fixes?.[0]?.artifactChanges[0]
        ?.replacements[0];
    expect(fixOf("a\nb\n")).toEqual({
      deletedRegion: { startLine: 3, startColumn: 1, endLine: 4 },
      insertedContent: { text: "a\nb" },
    });
    expect(fixOf("")).toEqual({
      deletedRegion: { startLine: 3, startColumn: 1, endLine: 5, endColumn: 1 },
      insertedContent: { text: "" },
    });
  });

  test("what was not read stands among the notifications, and the run is then no success", () => {
    const skipped = [
      { path: "a b/ü.ts", reason: "over the limit" },
      { path: "pnpm-lock.yaml", reason: "a lock file", expected: true },
    ];
    const [run] = sarifOf(localReview([], { skipped, failures: ["An analyser failed"] })).runs;
    const [invocation] = run?.invocations ?? [];
    expect(invocation?.executionSuccessful).toBe(false);
    expect(
      invocation?.toolExecutionNotifications?.map(({ level, message }) => [level, message.text]),
    ).toEqual([
      ["warning", "Not read: over the limit"],
      ["note", "Not read: a lock file"],
      ["warning", "An analyser failed"],
    ]);
    expect(invocation?.toolExecutionNotifications?.[0]?.locations?.[0]?.physicalLocation).toEqual({
      artifactLocation: { uri: "a%20b/%C3%BC.ts", uriBaseId: "%SRCROOT%" },
    });
    expect(sarifOf(localReview([])).runs[0]?.invocations?.[0]?.executionSuccessful).toBe(true);
  });

  test("a finding on removed lines names the file alone: its lines are no longer there", () => {
    const [run] = sarifOf(localReview([finding({ side: "old", suggestion: "x" })])).runs;
    expect(run?.results?.[0]?.locations?.[0]?.physicalLocation).not.toHaveProperty("region");
    expect(run?.results?.[0]).not.toHaveProperty("fixes");
  });

  test("it is JSON that no terminal acts upon", () => {
    const text = renderSarif(localReview([finding({ body: "\u001B[2J\u009B" })]));
    expect(text).not.toMatch(/(?!\n)\p{Cc}/u);
    expect(JSON.parse(text)).toMatchObject({ version: "2.1.0" });
  });
});
