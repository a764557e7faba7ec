import type { Repository } from "@nectr/github";
import { z } from "zod";
import type { FindingRow, ReviewSummary } from "../review-queries.ts";
import { repositoryLink, repositoryLinkSchema } from "./repository-json.ts";

/** A review in a list. */
export const reviewSchema = z
  .object({
    id: z.uuid(),
    repository: repositoryLinkSchema,
    number: z.int(),
    title: z.string(),
    author: z.string(),
    pull_request_url: z.string(),
    head_sha: z.string(),
    generation: z.int(),
    status: z.enum(["running", "composed", "posted", "superseded", "failed"]),
    verdict: z.enum(["approve", "comment", "request_changes"]).nullable(),
    open_findings: z.int().nullable().meta({ description: "New and old ones; null until it is decided" }),
    url: z.string().nullable(),
    error: z.string().nullable(),
    created_at: z.date(),
    finished_at: z.date().nullable(),
  })
  .meta({ id: "Review" });

const findingSchema = z
  .object({
    id: z.uuid(),
    state: z.enum(["open", "fixed", "dismissed", "regressed"]),
    source: z.enum(["analyser", "model"]),
    rule: z.string(),
    severity: z.enum(["critical", "moderate", "minor", "nit"]),
    category: z.string(),
    path: z.string(),
    start_line: z.int(),
    end_line: z.int(),
    title: z.string(),
    body: z.string().meta({ description: "Markdown, not to be trusted" }),
    suggestion: z.string().nullable(),
    placement: z.enum(["inline", "summary"]),
    placement_reason: z.string().nullable(),
  })
  .meta({ id: "Finding" }) satisfies z.ZodType<FindingRow>;

const withheldSchema = z.object({
  path: z.string(),
  start_line: z.int(),
  end_line: z.int(),
  severity: z.enum(["critical", "moderate", "minor", "nit"]),
  title: z.string(),
  reason: z.string(),
});

/** A review whole. What it came to is null until it is decided. */
export const reviewDetailSchema = reviewSchema
  .extend({
    summary: z.string().nullable().meta({ description: "Markdown" }),
    doubts: z.array(z.string()).meta({ description: "Why it cannot vouch for the whole change" }),
    coverage: z
      .object({
        files_changed: z.int(),
        files_read: z.int(),
        added_lines: z.int(),
        added_lines_read: z.int(),
        skipped: z.array(z.object({ path: z.string(), reason: z.string() })),
        failures: z.array(z.string()),
        analysers: z.array(z.string()),
        model: z.string().nullable(),
        model_absence: z.string().nullable(),
      })
      .nullable(),
    cost: z.object({ input_tokens: z.int(), output_tokens: z.int(), usd: z.number().nullable() }).nullable(),
    took_ms: z.int().nullable().meta({ description: "From the first look to the decision" }),
    withheld: z
      .array(withheldSchema)
      .meta({ description: "Found, and not shown because they did not hold up on a second look" }),
    findings: z.array(findingSchema).meta({ description: "Those that still stand" }),
  })
  .meta({ id: "ReviewDetail" });

/** @param repository that it is of */
export function reviewJson(review: ReviewSummary, repository: Repository): z.input<typeof reviewSchema> {
  return {
    id: review.id,
    repository: repositoryLink(repository),
    number: review.number,
    title: review.title,
    author: review.author_login,
    pull_request_url: `${repository.url}/pull/${review.number}`,
    head_sha: review.head_sha,
    generation: review.generation,
    status: review.status,
    verdict: review.verdict,
    open_findings: review.open_findings,
    url: review.url,
    error: review.error,
    created_at: review.created_at,
    finished_at: review.finished_at,
  };
}

/** The engine's `Review` as it was stored, of this version or an older one. */
const storedResult = z.object({
  summary: z.string().nullable().catch(null),
  doubts: z.array(z.string()).catch([]),
  coverage: z
    .object({
      filesChanged: z.int(),
      filesRead: z.int(),
      addedLines: z.int(),
      addedLinesRead: z.int(),
      skipped: z.array(z.object({ path: z.string(), reason: z.string() })),
      failures: z.array(z.string()),
      analysers: z.array(z.string()),
      model: z.string().optional(),
      modelAbsence: z.string().optional(),
    })
    .nullable()
    .catch(null),
  cost: z
    .object({ inputTokens: z.int(), outputTokens: z.int(), costUsd: z.number().optional() })
    .nullable()
    .catch(null),
  tookMs: z.int().nullable().catch(null),
  withheld: z
    .array(
      z.object({
        finding: z.object({
          path: z.string(),
          startLine: z.int(),
          endLine: z.int(),
          severity: z.enum(["critical", "moderate", "minor", "nit"]),
          title: z.string(),
        }),
        reason: z.string(),
      }),
    )
    .catch([]),
});

/** What a stored review came to. @param result null where it is not decided */
export function resultJson(result: unknown) {
  const { summary, doubts, coverage, cost, tookMs, withheld } = storedResult.parse(result ?? {});
  return {
    summary,
    doubts,
    coverage: coverage && {
      files_changed: coverage.filesChanged,
      files_read: coverage.filesRead,
      added_lines: coverage.addedLines,
      added_lines_read: coverage.addedLinesRead,
      skipped: coverage.skipped,
      failures: coverage.failures,
      analysers: coverage.analysers,
      model: coverage.model ?? null,
      model_absence: coverage.modelAbsence ?? null,
    },
    cost: cost && {
      input_tokens: cost.inputTokens,
      output_tokens: cost.outputTokens,
      usd: cost.costUsd ?? null,
    },
    took_ms: tookMs,
    withheld: withheld.map(({ finding, reason }) => ({
      path: finding.path,
      start_line: finding.startLine,
      end_line: finding.endLine,
      severity: finding.severity,
      title: finding.title,
      reason,
    })),
  };
}
