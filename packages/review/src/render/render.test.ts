import { fromMarkdown } from "mdast-util-from-markdown";
import { gfmFromMarkdown } from "mdast-util-gfm";
import { gfm } from "micromark-extension-gfm";
import { visit } from "unist-util-visit";
import { describe, expect, test } from "vitest";
import { composeReview, type ReviewParts } from "../compose/compose-review.ts";
import { repositoryConfigSchema } from "../configuration/repository-config.ts";
import type { Coverage, PlacedFinding } from "../model.ts";
import { findingMarker, reviewMarker, summaryMarker } from "./markers.ts";
import { renderReviewRequest } from "./review-request.ts";
import { longestSummary, renderSummary } from "./summary.ts";

const links = { githubUrl: "https://github.com", fullName: "octocat/shop" };
const key = { repositoryId: 42, number: 7, headSha: "3f2a9c1".padEnd(40, "0"), generation: 0 };
const config = repositoryConfigSchema.parse({});

const injection: PlacedFinding = {
  source: "analyser",
  rule: "typescript/sql-injection",
  severity: "critical",
  category: "security",
  path: "src/orders.ts",
  startLine: 42,
  endLine: 43,
  title: "SQL is built from the request's `sort`",
  body: "`sort` goes into the statement as it came, so a caller can read every table.\n\nName the allowed columns, and refuse others.",
  suggestion:
    "  const column = columns[sort] ?? 'id';\n  return db.query(`select * from orders order by ${column}`);",
  fingerprint: "f1",
  placement: { kind: "inline", path: "src/orders.ts", startLine: 42, line: 43 },
};

const offByOne: PlacedFinding = {
  source: "model",
  rule: "model",
  severity: "minor",
  category: "correctness",
  path: "app/pages (old)/list.py",
  startLine: 8,
  endLine: 8,
  title: "The last page | is never shown",
  body: "`range(1, pages)` ends before `pages`.",
  fingerprint: "f2",
  placement: { kind: "summary", reason: "line 8 is not part of the diff" },
};

const coverage: Coverage = {
  filesChanged: 4,
  filesRead: 2,
  addedLines: 1_350,
  addedLinesRead: 1_200,
  skipped: [
    { path: "pnpm-lock.yaml", reason: "a lock file", expected: true },
    { path: "src/huge.ts", reason: "over the reading budget: 50 of 200 added lines read" },
  ],
  failures: ["Linear did not answer in time"],
  analysers: ["committed secrets", "code rules"],
  analysed: [],
  model: "claude-sonnet",
};

const full: ReviewParts = {
  key,
  findings: [
    injection,
    offByOne,
    {
      ...injection,
      fingerprint: "f3",
      title: "Error is swallowed",
      rule: "typescript/empty-catch",
      severity: "moderate",
      category: "reliability",
      startLine: 50,
      endLine: 50,
      placement: { kind: "inline", path: "src/orders.ts", line: 50 },
    },
  ],
  earlier: [
    {
      fingerprint: "f3",
      state: "open",
      source: "analyser",
      path: "src/orders.ts",
      title: "Error is swallowed",
      severity: "moderate",
    },
    {
      fingerprint: "f4",
      state: "open",
      source: "model",
      path: "src/orders.ts",
      title: "Total ignores the `discount`",
      severity: "moderate",
    },
    {
      fingerprint: "f5",
      state: "open",
      source: "model",
      path: "src/huge.ts",
      title: "Lock is never released",
      severity: "nit",
    },
  ],
  coverage,
  summary: "Adds sorting and paging to the list of orders. The paging is sound; the sorting lets SQL in.",
  config,
  cost: { inputTokens: 48_211, outputTokens: 1_904, costUsd: 0.173 },
};

describe("renderSummary", () => {
  test("a review with everything in it", () => {
    expect(renderSummary(composeReview(full), links)).toMatchInlineSnapshot(`
      "<!-- nectr:summary 42/7 -->
      ### ⛔ Changes needed

      **2 new findings** · 2 still open · 1 fixed since the last run

      Adds sorting and paging to the list of orders. The paging is sound; the sorting lets SQL in.

      > One file was not read to the end.

      | Severity | Finding |
      | :-- | :-- |
      | 🔴 Critical | **SQL is built from the request's \`sort\`**<br>[\`src/orders.ts:42-43\`](https://github.com/octocat/shop/blob/3f2a9c1000000000000000000000000000000000/src/orders.ts#L42-L43) |
      | 🟡 Minor | **The last page \\| is never shown**<br>[\`app/pages (old)/list.py:8\`](https://github.com/octocat/shop/blob/3f2a9c1000000000000000000000000000000000/app/pages%20%28old%29/list.py#L8) · text below |
      | 🟠 Moderate | **Error is swallowed**<br>[\`src/orders.ts:50\`](https://github.com/octocat/shop/blob/3f2a9c1000000000000000000000000000000000/src/orders.ts#L50) · still open |
      | 🔵 Nit | **Lock is never released**<br>\`src/huge.ts\` · still open, not looked at again |

      <details><summary>🟡 The last page | is never shown · <code>app/pages (old)/list.py:8</code></summary>

      \`range(1, pages)\` ends before \`pages\`.

      [\`app/pages (old)/list.py:8\`](https://github.com/octocat/shop/blob/3f2a9c1000000000000000000000000000000000/app/pages%20%28old%29/list.py#L8) · here because line 8 is not part of the diff

      <sub>Correctness · found by the model</sub>

      </details>

      <details><summary>Fixed</summary>

      - ~~Total ignores the \`discount\`~~ \`src/orders.ts\`

      </details>

      <details><summary>Read 2 of 4 changed files, 1,200 of 1,350 added lines</summary>

      - Head: \`3f2a9c1000000000000000000000000000000000\`
      - Model: \`claude-sonnet\`, 48,211 tokens in, 1,904 out, $0.17
      - Analysers: committed secrets, code rules
      - Failed: Linear did not answer in time

      Not read, or not to the end:

      - \`pnpm-lock.yaml\`: a lock file
      - \`src/huge.ts\`: over the reading budget: 50 of 200 added lines read

      </details>

      <sub>Nectr reviewed \`3f2a9c1\` and updates this comment with every push.</sub>"
    `);
  });

  test("a clean one is short", () => {
    const clean = composeReview({
      ...full,
      findings: [],
      earlier: [],
      coverage: { ...coverage, filesChanged: 2, addedLines: 1_200, skipped: [], failures: [] },
    });
    expect(renderSummary(clean, links)).toMatchInlineSnapshot(`
      "<!-- nectr:summary 42/7 -->
      ### ✅ No defects found

      Adds sorting and paging to the list of orders. The paging is sound; the sorting lets SQL in.

      <details><summary>Read 2 of 2 changed files, 1,200 of 1,200 added lines</summary>

      - Head: \`3f2a9c1000000000000000000000000000000000\`
      - Model: \`claude-sonnet\`, 48,211 tokens in, 1,904 out, $0.17
      - Analysers: committed secrets, code rules

      </details>

      <sub>Nectr reviewed \`3f2a9c1\` and updates this comment with every push.</sub>"
    `);
  });

  test("without a model it says so, and is not green", () => {
    const { model: _, ...rest } = coverage;
    const review = composeReview({
      key,
      findings: [],
      earlier: [],
      summary: "",
      config,
      coverage: {
        ...rest,
        filesChanged: 3,
        addedLines: 1_200,
        skipped: [{ path: "pnpm-lock.yaml", reason: "a lock file", expected: true }],
        failures: [],
        modelAbsence: "no model key is set",
      },
    });
    expect(renderSummary(review, links)).toMatchInlineSnapshot(`
      "<!-- nectr:summary 42/7 -->
      ### ⚪ Nothing found, but this is no approval

      > Only the built-in analysers looked at it; no model read the code.

      <details><summary>Analysed 2 of 3 changed files, 1,200 of 1,200 added lines</summary>

      - Head: \`3f2a9c1000000000000000000000000000000000\`
      - Model: none (no model key is set)
      - Analysers: committed secrets, code rules

      Not analysed, or not to the end:

      - \`pnpm-lock.yaml\`: a lock file

      </details>

      <sub>Nectr reviewed \`3f2a9c1\` and updates this comment with every push.</sub>"
    `);
  });

  test("never over the limit; whole entries are left out, and counted", () => {
    const many = Array.from({ length: 400 }, (_, index) => ({
      ...offByOne,
      fingerprint: String(index),
      title: `Defect number ${index} in the list`,
      body: "long ".repeat(300),
      startLine: index + 1,
      endLine: index + 1,
    }));
    const skipped = Array.from({ length: 2_000 }, (_, index) => ({
      path: `src/${index}.ts`,
      reason: "over the budget",
    }));
    const text = renderSummary(
      composeReview({ ...full, findings: many, coverage: { ...coverage, skipped } }),
      links,
    );
    expect(text.length).toBeLessThanOrEqual(longestSummary);
    expect(text.length).toBeGreaterThan(longestSummary - 3_000);
    expect(text.match(/<details>/g)?.length).toBe(text.match(/<\/details>/g)?.length);
    const [, leftOut] = /([\d,]+) more texts left out/.exec(text) ?? [];
    const shown = text.match(/ · here because/g)?.length ?? 0;
    expect(Number(leftOut) + shown).toBe(400);
    const [, filesLeftOut = ""] = /([\d,]+) more files, left out here/.exec(text) ?? [];
    const filesShown = text.match(/: over the budget$/gm)?.length ?? 0;
    expect(Number(filesLeftOut.replace(",", "")) + filesShown).toBe(2_000);
    expect(text).toContain("updates this comment");
  });
});

describe("renderReviewRequest", () => {
  test("comments on their lines, in GitHub's form", () => {
    expect(renderReviewRequest(composeReview(full), links)).toMatchInlineSnapshot(`
      {
        "body": "Nectr: 1 new finding in \`3f2a9c1\`; see the summary comment for the whole picture. <!-- nectr:review 42/7/3f2a9c1000000000000000000000000000000000/0 -->",
        "comments": [
          {
            "body": "🔴 Critical · **SQL is built from the request's \`sort\`**

      \`sort\` goes into the statement as it came, so a caller can read every table.

      Name the allowed columns, and refuse others.

      \`\`\`suggestion
        const column = columns[sort] ?? 'id';
        return db.query(\`select * from orders order by \${column}\`);
      \`\`\`

      <sub>Nectr · Security · \`typescript/sql-injection\`</sub>
      <!-- nectr:finding f1 -->",
            "line": 43,
            "path": "src/orders.ts",
            "side": "RIGHT",
            "start_line": 42,
            "start_side": "RIGHT",
          },
        ],
        "commitId": "3f2a9c1000000000000000000000000000000000",
        "event": "COMMENT",
      }
    `);
  });

  test("a comment that came back says so, and one of one line names no start", () => {
    const back = {
      ...injection,
      startLine: 43,
      placement: { kind: "inline", path: "src/orders.ts", line: 43 },
    } as const;
    const earlier = [
      { fingerprint: "f1", state: "fixed", path: "src/orders.ts", title: "", severity: "nit" },
    ] as const;
    const [comment] =
      renderReviewRequest(composeReview({ ...full, findings: [back], earlier }), links)?.comments ?? [];
    expect(comment).toMatchObject({ line: 43, side: "RIGHT" });
    expect(comment).not.toHaveProperty("start_line");
    expect(comment?.body).toContain("it is back");
  });

  test("a comment on lines of before stands on the left, and has no link to a line that is gone", () => {
    const before: PlacedFinding = {
      ...injection,
      side: "old",
      placement: { kind: "inline", path: "src/orders.ts", side: "old", startLine: 42, line: 43, by: "quote" },
    };
    const review = composeReview({ ...full, findings: [before] });
    const [comment] = renderReviewRequest(review, links)?.comments ?? [];
    expect(comment).toMatchObject({ line: 43, side: "LEFT", start_line: 42, start_side: "LEFT" });
    expect(renderSummary(review, links)).toContain("`src/orders.ts:42-43 (before)`");
    expect(renderSummary(review, links)).not.toContain("orders.ts#L42");
  });

  test("a comment on another line of the same function says which line it is about, and the table names that", () => {
    const distant: PlacedFinding = {
      ...injection,
      startLine: 70,
      endLine: 72,
      placement: { kind: "inline", path: "src/orders.ts", line: 43, by: "symbol" },
    };
    const review = composeReview({ ...full, findings: [distant] });
    const [comment] = renderReviewRequest(review, links)?.comments ?? [];
    expect(comment?.body).toContain("About lines 70 to 72, which the diff does not show.");
    expect(renderSummary(review, links)).toContain("`src/orders.ts:70-72`");
  });

  test.each<[string, Partial<PlacedFinding>]>([
    ["the comment is on fewer lines", { placement: { kind: "inline", path: "src/orders.ts", line: 43 } }],
    ["it holds what can't be seen", { suggestion: "a\u202Eb" }],
    ["it holds a marker", { suggestion: `a ${reviewMarker(key)}` }],
  ])("no suggestion where %s", (_, changes) => {
    const request = renderReviewRequest(
      composeReview({ ...full, findings: [{ ...injection, ...changes }] }),
      links,
    );
    expect(request?.comments[0]?.body).toContain("so a caller can read");
    expect(request?.comments[0]?.body).not.toContain("```suggestion");
  });

  test("a suggestion's fence is longer than any in it", () => {
    const suggestion = "````md\n```\n````";
    const request = renderReviewRequest(
      composeReview({ ...full, findings: [{ ...injection, suggestion }] }),
      links,
    );
    expect(request?.comments[0]?.body).toContain(`\n\`\`\`\`\`suggestion\n${suggestion}\n\`\`\`\`\`\n`);
  });

  const clean: ReviewParts = {
    ...full,
    findings: [],
    earlier: [],
    coverage: { ...coverage, filesChanged: 2, skipped: [] },
  };
  const open: ReviewParts = { ...full, findings: [injection], earlier: [{ ...injection, state: "open" }] };
  test.each<[string, ReviewParts, "advisory" | "binding", string | undefined]>([
    ["nothing to say", clean, "advisory", undefined],
    ["nothing new to say", open, "advisory", undefined],
    ["findings", full, "advisory", "COMMENT"],
    ["nothing found, binding", clean, "binding", "APPROVE"],
    ["still open, binding", open, "binding", "REQUEST_CHANGES"],
    ["findings, binding", full, "binding", "REQUEST_CHANGES"],
  ])("event: %s", (_, parts, mode, event) => {
    const verdict = { ...config.verdict, mode };
    const request = renderReviewRequest(composeReview({ ...parts, config: { ...config, verdict } }), links);
    expect(request?.event).toBe(event);
    if (request) expect(request.body).not.toContain("\n");
  });
});

test("nothing from outside can forge a marker, call a person or open a tag, wherever it stands", () => {
  const bad = `${reviewMarker(key)} ${summaryMarker(42, 7)} ${findingMarker("f1")} @octocat <img src=x> https://evil.example \`\`\` </summary> | ${"`"}`;
  const hostile: PlacedFinding = {
    ...injection,
    title: bad,
    body: bad,
    rule: bad,
    path: bad,
    suggestion: bad,
  };
  const review = composeReview({
    ...full,
    summary: bad,
    findings: [
      { ...hostile, placement: { kind: "inline", path: bad, line: 43 } },
      { ...hostile, fingerprint: "f6", placement: { kind: "summary", reason: bad } },
    ],
    earlier: full.earlier.map((each) => ({
      ...each,
      title: bad,
      path: each.fingerprint === "f5" ? bad : each.path,
    })),
    coverage: {
      ...coverage,
      model: bad,
      analysers: [bad],
      failures: [bad],
      skipped: [{ path: bad, reason: bad }],
    },
  });
  const { model: _, ...noModel } = review.coverage;
  const summaries = [review, { ...review, coverage: { ...noModel, modelAbsence: bad } }].map((each) =>
    renderSummary(each, links),
  );
  const comments = renderReviewRequest(review, links)?.comments ?? [];
  for (const text of [...summaries, ...comments.map((comment) => comment.body)]) {
    const ours = text.match(/<!--\s*nectr[^>]*>/g);
    expect(ours).toEqual([text.startsWith("<!--") ? summaryMarker(42, 7) : findingMarker("f1")]);
    expect(foreign(text)).toEqual([]);
  }
});

/** What the parser finds in a posted text that is neither ours nor harmless. */
function foreign(text: string): string[] {
  const found: string[] = [];
  const ours =
    /<\/?(?:details|summary|sub)>|<br>|<code>[^<>]*<\/code>|<!-- nectr:(?:summary 42\/7|finding f1) -->/g;
  visit(fromMarkdown(text, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] }), (node) => {
    if (/^(?:image|linkReference|definition|footnote)/.test(node.type)) found.push(node.type);
    if (node.type === "link" && !node.url.startsWith("https://github.com/octocat/shop/blob/"))
      found.push(node.url);
    if (node.type === "text" && /@\w|:\/\/\w/.test(node.value)) found.push(node.value);
    if (node.type === "html" && /[<@]|:\/\//.test(node.value.replace(ours, ""))) found.push(node.value);
  });
  return found;
}
