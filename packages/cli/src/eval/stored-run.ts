import { readFile } from "node:fs/promises";
import { z } from "zod";
import { Trouble } from "../trouble.ts";
import type { CaseResult } from "./run-case.ts";

const severity = z.enum(["critical", "moderate", "minor", "nit"]);
const pairs = z.array(z.tuple([z.int(), z.int()])).readonly();

/** One way to review: by the analysers alone, or with a model. */
const modeSchema = z.object({
  kind: z.enum(["analysers", "model"]),
  /** `analysers`, or the model's name. */
  name: z.string(),
  judge: z.string().optional(),
  cases: z.array(
    z.object({
      name: z.string(),
      language: z.string(),
      verdict: z.enum(["approve", "comment", "request_changes"]),
      comments: z.array(
        z.object({
          path: z.string(),
          side: z.enum(["new", "old"]),
          startLine: z.int(),
          endLine: z.int(),
          severity,
          category: z.string(),
          fingerprint: z.string(),
          title: z.string(),
        }),
      ),
      expected: z.array(z.object({ severity: severity.exactOptional() })),
      pairs,
      judged: pairs.optional(),
      cost: z
        .object({
          inputTokens: z.number(),
          outputTokens: z.number(),
          costUsd: z.number().exactOptional(),
        })
        .exactOptional(),
    }),
  ),
});

const runSchema = z.object({ version: z.literal(1), modes: z.array(modeSchema) });

export type StoredMode = z.infer<typeof modeSchema>;
export type StoredRun = z.infer<typeof runSchema>;

/** What is kept of a run: enough to count it again, and to name what a later one finds otherwise. */
export function storedMode(
  { kind, name, judge }: Pick<StoredMode, "kind" | "name" | "judge">,
  results: readonly CaseResult[],
): StoredMode {
  return {
    kind,
    name,
    ...(judge !== undefined && { judge }),
    cases: results.map(({ case: one, verdict, comments, pairs: found, judged, cost }) => ({
      name: one.name,
      language: one.language,
      verdict,
      comments: comments.map(({ body: _, ...comment }) => comment),
      expected: one.expected.map(({ severity: grade }) => (grade === undefined ? {} : { severity: grade })),
      pairs: found.map(([comment, at]): [number, number] => [comment, at]),
      ...(judged !== undefined && {
        judged: judged.map(([comment, at]): [number, number] => [comment, at]),
      }),
      ...(cost !== undefined && { cost }),
    })),
  };
}

/** @throws Trouble where the file is no stored run */
export async function readStoredRun(file: string): Promise<StoredRun> {
  try {
    return runSchema.parse(JSON.parse(await readFile(file, "utf8")));
  } catch (cause) {
    const problem = cause instanceof z.ZodError ? z.prettifyError(cause) : String(cause);
    throw new Trouble(`${file} is no run that --save has written: ${problem}`, { cause });
  }
}
