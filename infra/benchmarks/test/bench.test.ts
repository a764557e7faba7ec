import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";

// How large the figures are is for a machine that does nothing else. Here: that there are figures, and that nothing which
// was answered is missing.

async function bench(...args: string[]): Promise<Record<"ingest" | "reviews" | "engine", unknown>> {
  const program = join(import.meta.dirname, "../src/main.ts");
  const { stdout } = await promisify(execFile)(process.execPath, [program, "--json", ...args]);
  return JSON.parse(stdout);
}

// Programs are started four times over: on a busy machine that takes minutes.
const limit = { timeout: 300_000 };

test("the benchmark gives every figure, and all that was answered is stored", limit, async () => {
  const figures = await bench("ingest", "reviews", "--rounds", "1", "--seconds", "0.5", "--reviews", "10");
  const ingest = figures.ingest as Record<string, number>;
  for (const name of ["ratio_to_floor", "plain_ratio", "probot_ratio", "p99_ms_at_500_per_s"]) {
    expect.soft(ingest[name]).toBeGreaterThan(0);
  }
  expect(ingest["postgres_bytes_per_event"]).toBeGreaterThan(100);
  expect(ingest["answered"]).toBeGreaterThan(0);
  expect(ingest["stored"]).toBe(ingest["answered"]);
  expect(figures.reviews).toMatchObject([{ concurrency: 1 }, { concurrency: 10 }, { concurrency: 50 }]);
  for (const turn of figures.reviews as Record<string, number>[]) {
    expect.soft(turn["reviews_per_second"]).toBeGreaterThan(0);
    // Two statuses, the review and the summary. That the claim's own look comes in between may cost a read more.
    expect.soft(turn["github_writes_per_review"]).toBe(4);
    expect.soft(turn["github_reads_per_review"]).toBeLessThanOrEqual(8);
    expect.soft(turn["model_calls_per_review"]).toBe(2);
  }
});

test("the engine's benchmark reviews changes of three sizes, to their last line", limit, async () => {
  const figures = await bench("engine", "--files", "40");
  expect(figures.engine).toMatchObject([{ files: 10 }, { files: 20 }, { files: 40 }]);
  for (const turn of figures.engine as Record<string, number>[]) {
    expect.soft(turn["added_lines_read"]).toBe(turn["added_lines"]);
    expect.soft(turn["findings"]).toBeGreaterThan(0);
    expect.soft(turn["processor_ms"]).toBeGreaterThan(0);
  }
});
