import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";

// How large the figures are is for a machine that does nothing else. Here: that there are figures, and that nothing which
// was answered is missing.

test("the benchmark gives every figure, and all that was answered is stored", async () => {
  const program = join(import.meta.dirname, "../src/main.ts");
  const args = [program, "--json", "--rounds", "1", "--seconds", "0.5", "--reviews", "10"];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  const figures: Record<"ingest" | "reviews", unknown> = JSON.parse(stdout);
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
  }
});
